import { fail, ok, type Result } from '../../base/result';
import type { RunComparison } from '../../core/insight/compareRuns';
import type { Failure } from '../../core/model/failure';
import { countText } from '../../protocol/labels';
import type { EditorContext } from '../editorContext';
import { textScheme } from '../runDocuments';
import type { TextDocuments } from '../textDocuments';
import { pickRun, type WantedRun } from './pickRun';

const wanted: WantedRun = {
  isPossible: (view) => view.tasks.some((task) => task.startedAt !== undefined),
  none: 'There is no run to replay: none has begun a task.',
};

/** Does a run again without any model, and shows what came out differently as a document. */
export async function replayRun(
  editor: EditorContext,
  documents: TextDocuments,
  argument: unknown,
): Promise<Result<RunComparison | undefined, Failure>> {
  const picked = await pickRun(editor, argument, wanted);
  if (!picked.ok) return picked;
  if (!picked.value) return ok(undefined);
  const { runId } = picked.value;
  const engine = editor.runs.engineOf(runId);
  if (!engine)
    return fail({ kind: 'not-found', message: `The engine of run ${runId} was closed meanwhile.` });
  const { api } = editor;
  const replayed = await api.window.withProgress(
    {
      location: api.ProgressLocation.Notification,
      title: `Replaying ${runId} without its model`,
      cancellable: true,
    },
    (_progress, token) => {
      const stopping = new AbortController();
      token.onCancellationRequested(() => stopping.abort());
      return engine.replay(runId, stopping.signal);
    },
  );
  if (!replayed.ok) return replayed;
  const uri = api.Uri.from({ scheme: textScheme, path: `/Replay of ${runId}.md` });
  documents.write(uri, replayReport(runId, replayed.value));
  await api.commands.executeCommand('markdown.showPreview', uri);
  return replayed;
}

export function replayReport(runId: string, { sameResult, compared, differences }: RunComparison): string {
  const { trees, answers, tools, gates } = compared;
  return [
    `# Replay of ${runId}`,
    '',
    `**${sameResult ? 'The same result, to the byte.' : 'Another result.'}**`,
    '',
    `Compared ${countText(trees, 'tree')}, ${countText(answers, 'answer')} of models, ${countText(tools, 'tool result')} and ${countText(gates, 'gate')}. No model was asked, and nothing was delivered.`,
    ...differences.flatMap(({ where, what, before, now }) => [
      '',
      `## The ${what} of ${where}`,
      '',
      'It was:',
      '',
      quoted(before),
      '',
      'It is:',
      '',
      quoted(now),
    ]),
    '',
  ].join('\n');
}

/** As a block that nothing in the text can end. */
function quoted(text: string): string {
  return text
    .split('\n')
    .map((line) => `    ${line}`)
    .join('\n');
}
