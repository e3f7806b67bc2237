import { fail, ok, type Result } from '../../../base/result';
import type { Failure } from '../../../core/model/failure';
import type { Launch } from './launch';
import type { NewSession, SessionModes } from './protocol';

type Ask = (method: string, params: Record<string, unknown>) => Promise<Result<unknown, Failure>>;

/**
 * Puts a new session into the mode in which the agent asks before it acts, and to the model it is to use. An agent whose
 * own settings let it act without asking is not used that way: the policy would never hear of what it does.
 */
export async function settleSession(
  launch: Launch,
  session: NewSession,
  ask: Ask,
): Promise<Result<string | undefined, Failure>> {
  const mode = modeFor(launch, session.modes ?? undefined);
  if (!mode.ok) return mode;
  const { sessionId, modes } = session;
  if (mode.value !== undefined && mode.value !== modes?.currentModeId) {
    const set = await ask('session/set_mode', { sessionId, modeId: mode.value });
    if (!set.ok) return set;
  }
  const model = modelFor(launch, session);
  if (!model.ok) return model;
  if (model.value) {
    const set = await ask('session/set_config_option', { sessionId, ...model.value });
    if (!set.ok) return set;
  }
  return ok(mode.value);
}

/** Names under which agents offer to act without asking. */
const unguarded = /bypass|yolo|full.?access|danger|auto.?approve|skip.?perm/i;

export function isUnguarded(mode: string): boolean {
  return unguarded.test(mode);
}

function modeFor(launch: Launch, modes: SessionModes | undefined): Result<string | undefined, Failure> {
  if (!modes) return ok(undefined);
  const wanted = modes.availableModes.find((mode) => mode.id === launch.mode);
  if (wanted) return ok(wanted.id);
  const { currentModeId } = modes;
  const current = modes.availableModes.find((mode) => mode.id === currentModeId);
  if (!isUnguarded(currentModeId) && !isUnguarded(current?.name ?? '')) return ok(currentModeId);
  const guarded = modes.availableModes.find((mode) => !isUnguarded(mode.id) && !isUnguarded(mode.name));
  if (guarded) return ok(guarded.id);
  return fail({
    kind: 'denied',
    rule: 'agents ask before they act',
    message: `${launch.model} works only in the mode "${current?.name ?? currentModeId}", in which it asks nobody.`,
    remedy: 'Change its own settings so that it asks for permission.',
  });
}

function modelFor(
  { model, chosenModel }: Launch,
  { configOptions }: NewSession,
): Result<{ configId: string; value: string } | undefined, Failure> {
  if (chosenModel === undefined) return ok(undefined);
  const option = (configOptions ?? []).find(({ id, category }) => id === 'model' || category === 'model');
  const values = (option?.options ?? []).flatMap((entry) =>
    'value' in entry ? [entry.value] : entry.options.map(({ value }) => value),
  );
  if (option && values.includes(chosenModel)) return ok({ configId: option.id, value: chosenModel });
  return fail({
    kind: 'usage',
    message: `${model} does not offer the model "${chosenModel}".`,
    remedy:
      values.length > 0
        ? `It offers ${values.join(', ')}.`
        : 'It lets nobody choose its model: leave it out.',
  });
}
