import { fail, ok, type Result } from '../../base/result';
import { compareRuns, type RunComparison } from '../insight/compareRuns';
import type { StoredEvent } from '../model/event';
import type { Failure } from '../model/failure';
import type { Engine } from './engine';
import { startOfWork } from './forkPoint';

/** Does a run again in an engine that has only recorded answers, and compares the two. An abort cancels it. */
export async function replayIn(
  engine: Pick<Engine, 'fork' | 'settled' | 'events' | 'cancel'>,
  runId: string,
  events: readonly StoredEvent[],
  signal: AbortSignal,
): Promise<Result<RunComparison, Failure>> {
  const external = events.find((event) => event.type === 'attempt.started' && event.backend === 'acp');
  if (external?.type === 'attempt.started') return fail(notRecorded(external.agent));
  const begun = await engine.fork(runId, { from: startOfWork(events), deliver: 'never' });
  if (!begun.ok) return begun;
  const replayId = begun.value.runId;
  const stop = () => void engine.cancel(replayId, 'the replay');
  signal.addEventListener('abort', stop, { once: true });
  if (signal.aborted) stop();
  await engine.settled(replayId);
  signal.removeEventListener('abort', stop);
  if (signal.aborted) return fail({ kind: 'cancelled', message: 'The replay was stopped.' });
  return ok(compareRuns(events, await engine.events(replayId), [runId, replayId]));
}

function notRecorded(agent: string): Failure {
  return {
    kind: 'usage',
    message: `The run cannot be replayed: ${agent} worked through an external agent, which alone knows what its model said.`,
    remedy: 'Fork the run from a later task instead.',
  };
}
