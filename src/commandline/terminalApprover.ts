import { Limiter } from '../base/limiter';
import type { Approval, ApprovalAnswer } from '../core/model/approval';
import type { Approver } from '../core/ports';
import { scopeText, visible } from '../protocol/approvalWords';
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
  const shown = pictureOf(terminal, approval);
  if (approval.kind === 'question') {
    const text = await terminal.ask(shown, 'Your answer: ', signal);
    return text === undefined
      ? answer(approval, 'deny', 'nobody')
      : answer(approval, 'allow', 'person', { text });
  }
  const hasRule = approval.rule !== undefined;
  const prompt = hasRule ? 'Allow? y (once) / r (for this run) / a (always) / n ' : 'Allow? y/n ';
  for (;;) {
    const typed = await terminal.ask(shown, prompt, signal);
    if (typed === undefined) return answer(approval, 'deny', 'nobody');
    const word = typed.trim().toLowerCase();
    if (/^(y|yes|once)$/.test(word)) return answer(approval, 'allow', 'person');
    if (/^(n|no)$/.test(word)) return answer(approval, 'deny', 'person');
    if (hasRule && /^(r|run)$/.test(word)) return answer(approval, 'allow', 'person', { scope: 'run' });
    if (hasRule && /^(a|always)$/.test(word)) return answer(approval, 'allow', 'person', { scope: 'always' });
  }
}

function pictureOf(terminal: Terminal, { taskId, title, detail, rule, digest }: Approval): string {
  const from = taskId === undefined ? '' : ` (task ${taskId})`;
  return [
    '',
    terminal.paint('bold', `${visible(title)}${from}`),
    ...visible(detail)
      .split('\n')
      .map((line) => `  ${line}`),
    ...(rule === undefined ? [] : [terminal.paint('dim', scopeText(visible(rule)))]),
    terminal.paint('dim', `digest ${digest.slice(0, 12)}`),
  ].join('\n');
}

function answer(
  { id, digest }: Approval,
  decision: 'allow' | 'deny',
  by: string,
  more: Pick<ApprovalAnswer, 'text' | 'scope'> = {},
): ApprovalAnswer {
  return { id, digest, decision, by, ...more };
}
