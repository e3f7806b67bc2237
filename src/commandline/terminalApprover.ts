import { Limiter } from '../base/limiter';
import type { Approval, ApprovalAnswer } from '../core/model/approval';
import type { Approver } from '../core/ports';
import type { Terminal } from './terminal';

/** Asks the person at the terminal, one question at a time. Where nobody can answer, nobody does: that is a denial. */
export function terminalApprover(terminal: Terminal): Approver {
  const oneAtATime = new Limiter(1);
  return {
    ask(_runId, approval, signal) {
      if (!terminal.isInteractive) return Promise.resolve(answer(approval, 'deny', 'nobody'));
      return oneAtATime.run(() => ask(terminal, approval, signal), signal);
    },
  };
}

async function ask(terminal: Terminal, approval: Approval, signal: AbortSignal): Promise<ApprovalAnswer> {
  const { kind, taskId, title, detail, digest } = approval;
  const from = taskId === undefined ? '' : ` (task ${taskId})`;
  const shown = [
    '',
    terminal.paint('bold', `${visible(title)}${from}`),
    ...visible(detail)
      .split('\n')
      .map((line) => `  ${line}`),
    terminal.paint('dim', `digest ${digest.slice(0, 12)}`),
  ].join('\n');
  if (kind === 'question') {
    const text = await terminal.ask(shown, 'Your answer: ', signal);
    return text === undefined
      ? answer(approval, 'deny', 'nobody')
      : answer(approval, 'allow', 'person', text);
  }
  for (;;) {
    const typed = await terminal.ask(shown, 'Allow? y/n ', signal);
    if (typed === undefined) return answer(approval, 'deny', 'nobody');
    if (/^\s*y(es)?\s*$/i.test(typed)) return answer(approval, 'allow', 'person');
    if (/^\s*no?\s*$/i.test(typed)) return answer(approval, 'deny', 'person');
  }
}

/**
 * Every character of what is decided, made visible: an escape sequence or a direction mark could make the terminal show
 * something else than what will run.
 */
function visible(text: string): string {
  return text.replace(/[\p{Cc}\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff]/gu, (mark) => {
    if (mark === '\n') return mark;
    const code = mark.codePointAt(0) ?? 0;
    return mark === '\t' ? '\\t' : `\\u{${code.toString(16)}}`;
  });
}

function answer(
  { id, digest }: Approval,
  decision: 'allow' | 'deny',
  by: string,
  text?: string,
): ApprovalAnswer {
  return { id, digest, decision, by, ...(text === undefined ? {} : { text }) };
}
