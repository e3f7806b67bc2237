import type { Result } from '../../base/result';
import { fail, ok } from '../../base/result';
import type { Failure } from '../model/failure';
import type { PlanFile } from '../model/plan';
import { planPrompt, repairPrompt, type PlanningFacts } from '../planning/planPrompt';
import { readPlanAnswer, type ReadPlan } from '../planning/readPlanAnswer';
import type { ModelAnswer, ModelMessage } from '../ports';
import { recordedCall, type CallDeps } from './recordedCall';
import type { RunSession } from './runSession';

const rounds = 3;

/**
 * Asks the model for a plan; what is wrong with it goes back, three rounds at most. Without `plan` the model gave none
 * that can be run, and `problems` are those of its last one. Answers that are in the journal are not asked for again.
 */
export async function planWithModel(
  facts: PlanningFacts,
  check: (file: PlanFile) => string[],
  session: RunSession,
  deps: CallDeps,
  signal: AbortSignal,
): Promise<Result<{ plan?: ReadPlan; problems: string[] }, Failure>> {
  const prompt = planPrompt(facts);
  const messages: ModelMessage[] = [{ role: 'user', text: prompt.user }];
  const recorded = recordedAnswers(session);
  let problems: string[] = [];
  for (let step = 1; step <= rounds; step++) {
    if (signal.aborted) return fail({ kind: 'cancelled', message: 'The planning was stopped.' });
    const request = { system: prompt.system, messages, tools: [prompt.tool] };
    const call = {
      model: session.view.model,
      step,
      request: () => request,
      emit: session.emit.bind(session),
    };
    const known = recorded[step - 1];
    const answered = known ? ok(known) : await recordedCall(call, deps, signal);
    if (!answered.ok) return answered;
    const read = readPlanAnswer(answered.value);
    problems = read.ok ? check(read.value.file) : read.failure;
    if (read.ok && problems.length === 0) return ok({ plan: read.value, problems });
    await session.emit({
      type: 'note',
      level: 'warning',
      message: `The model's plan cannot be run yet: ${problems.join(' ')}`,
    });
    messages.push(...reply(answered.value, repairPrompt(problems)));
  }
  return ok({ problems });
}

/** The answer as part of the conversation, and what to mend: as the result of its tool call, where it made one. */
function reply(answer: ModelAnswer, text: string): ModelMessage[] {
  const { content, toolCalls } = answer;
  const said: ModelMessage = {
    role: 'assistant',
    text: answer.text,
    toolCalls,
    ...(content === undefined ? {} : { content }),
  };
  if (toolCalls.length === 0) return [said, { role: 'user', text }];
  const results = toolCalls.map(({ id, name }) => ({ id, name, output: text, ok: false }));
  return [said, { role: 'tool', results }];
}

function recordedAnswers(session: RunSession): ModelAnswer[] {
  return session.events.flatMap((event) => {
    if (event.type !== 'model.answered' || event.taskId !== undefined) return [];
    const { text, toolCalls, content, finishReason, usage } = event;
    return [
      {
        text,
        toolCalls: toolCalls.map(({ id, name, input }) => ({ id, name, input })),
        content,
        finishReason,
        usage,
      },
    ];
  });
}
