import type { StoredEvent } from '../model/event';
import { everyone, person } from '../model/message';
import type { Mail } from '../ports';

/**
 * The mailboxes of a run, out of its events alone: what was sent and not yet received waits, also through a crash. A
 * message to everyone is received by each task once, except the one that sent it.
 */
export class Mailboxes {
  private readonly sent: (Mail & { readonly to: string })[] = [];
  private readonly received = new Set<string>();

  constructor(events: readonly StoredEvent[]) {
    this.add(events);
  }

  add(events: readonly StoredEvent[]): void {
    for (const event of events) {
      if (event.type === 'message.received') this.received.add(keyOf(event.taskId, event.sentSeq));
      if (event.type !== 'message.sent') continue;
      const from = event.from ?? event.taskId ?? person;
      this.sent.push({ from, to: event.to, text: event.text, sentSeq: event.seq });
    }
  }

  /** What waits for a task, in the order it was sent. */
  unread(taskId: string): Mail[] {
    return this.sent
      .filter(({ from, to }) => to === taskId || (to === everyone && from !== taskId))
      .filter(({ sentSeq }) => !this.received.has(keyOf(taskId, sentSeq)))
      .map(({ from, text, sentSeq }) => ({ from, text, sentSeq }));
  }
}

function keyOf(taskId: string, sentSeq: number): string {
  return `${taskId} ${sentSeq}`;
}
