import { describeFailure } from '../../core/model/failure';
import type { Approval, ApprovalAnswer } from '../../core/model/approval';
import type { RunView } from '../../core/model/run';
import { scopeText, visible } from '../../protocol/approvalWords';
import { countText } from '../../protocol/labels';
import { controlRun, person } from '../commands/controlRun';
import type { EditorContext } from '../editorContext';
import type { RunChange } from '../runs';
import { showFailure } from '../showFailure';
import type { RunAction } from '../../protocol/runModel';

/** Speaks up only when a person is needed: a question, an end, a failure. Never takes the focus. */
export function notifyOf(editor: EditorContext, change: RunChange): void {
  if (change.attendance !== 'here') return;
  const { view, previous } = change;
  const known = new Set(previous?.approvals.map((approval) => approval.id));
  const asked = view.approvals.filter((approval) => !known.has(approval.id));
  // In the open panel the question stands before their eyes, with its buttons.
  const isSeen = editor.panel.view?.visible === true && editor.runs.current()?.runId === view.runId;
  if (!isSeen) for (const approval of asked) void askPerson(editor, view, approval);
  if (previous && previous.state.name !== view.state.name) void tellEnd(editor, view);
}

const maxAskedHere = 2000;

/** A notification cuts what it shows, so it only leads to a place that shows every word: a dialog, or the panel. */
async function askPerson(editor: EditorContext, view: RunView, approval: Approval): Promise<void> {
  const review = 'Review and Answer';
  const here = 'Answer Here';
  const fits = approval.kind === 'tool' && approval.detail.length <= maxAskedHere;
  const chosen = await editor.api.window.showInformationMessage(
    `Enterprise asks: ${visible(approval.title)}`,
    ...(fits ? [here, review] : [review]),
  );
  if (chosen === here) return answerHere(editor, view.runId, approval);
  if (chosen !== review) return;
  editor.runs.select(view.runId);
  await editor.api.commands.executeCommand('enterprise.panel.focus');
}

const choices: Readonly<Record<string, Pick<ApprovalAnswer, 'decision' | 'scope'>>> = {
  'Allow Once': { decision: 'allow' },
  'For This Run': { decision: 'allow', scope: 'run' },
  Always: { decision: 'allow', scope: 'always' },
  Deny: { decision: 'deny' },
};

/** Shows exactly what will happen and what each answer means; turning away answers nothing. */
async function answerHere(editor: EditorContext, runId: string, approval: Approval): Promise<void> {
  const { id, digest, title, detail, rule } = approval;
  const shown = [visible(detail), ...(rule === undefined ? [] : [scopeText(visible(rule))])].join('\n\n');
  const offered = Object.keys(choices).filter(
    (name) => rule !== undefined || choices[name]?.scope === undefined,
  );
  const chosen = await editor.api.window.showWarningMessage(
    visible(title),
    { modal: true, detail: shown },
    ...offered,
  );
  const choice = chosen === undefined ? undefined : choices[chosen];
  if (!choice) return;
  const answered = await editor.runs.engineOf(runId)?.answer(runId, { id, digest, ...choice, by: person });
  if (answered && !answered.ok) await showFailure(editor, answered.failure);
}

async function tellEnd(editor: EditorContext, view: RunView): Promise<void> {
  const { window } = editor.api;
  const title = `“${short(view.request)}”`;
  if (view.state.name === 'delivered') {
    const text = `Enterprise: ${title} is delivered, ${countText(view.state.paths.length, 'file')} changed.`;
    await follow(
      editor,
      view,
      await window.showInformationMessage(text, ...offers(view, ['Review Changes', 'Show Report', 'Undo'])),
    );
  } else if (view.state.name === 'failed') {
    const text = `Enterprise: ${title} failed. ${describeFailure(view.state.failure)}`;
    await follow(editor, view, await window.showErrorMessage(text, ...offers(view, ['Show Report'])));
  }
}

const actionOf: Record<string, RunAction> = {
  'Review Changes': 'review',
  'Show Report': 'report',
  Undo: 'undo',
};

function offers(view: RunView, titles: string[]): string[] {
  const changed = view.state.name === 'delivered' && view.state.paths.length > 0;
  return changed ? titles : titles.filter((title) => title === 'Show Report');
}

async function follow(editor: EditorContext, view: RunView, chosen: string | undefined): Promise<void> {
  const action = chosen === undefined ? undefined : actionOf[chosen];
  if (!action) return;
  const done = await controlRun(editor, action, view.runId);
  if (!done.ok) await showFailure(editor, done.failure);
}

function short(request: string): string {
  const line = request.split('\n')[0] ?? '';
  return line.length > 50 ? `${line.slice(0, 50)}…` : line;
}
