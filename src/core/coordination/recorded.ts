import { fail, ok } from '../../base/result';
import type { NewEvent } from '../model/event';
import { person } from '../model/message';
import type { AgentBackend, AttemptContext, ModelProvider } from '../ports';
import type { Recording } from './recording';

/** Reads a recording when it is needed for the first time. */
export type LoadRecording = () => Promise<Recording>;

/** Says again what was recorded, and asks the model for the rest. Without a model the recording is all there is. */
export function recordedFirst(load: LoadRecording, model: ModelProvider | undefined): ModelProvider {
  return {
    complete: async (request, signal, onText) => {
      const answer = request.caller && (await load()).answer(request.caller);
      if (answer) return ok(answer);
      if (model) return model.complete(request, signal, onText);
      const message = `The recording has no answer to step ${request.caller?.step ?? 0} of ${request.caller?.taskId ?? 'the planning'}.`;
      return fail({ kind: 'model-unavailable', model: request.model, retryable: false, message });
    },
  };
}

/** Lets the people of a recording speak again, at the steps where they spoke. Permissions are asked for anew. */
export function withRecordedPeople(backend: AgentBackend, load: LoadRecording): AgentBackend {
  return { run: async (context) => backend.run(recordedContext(context, await load())) };
}

function recordedContext(context: AttemptContext, recording: Recording): AttemptContext {
  const { runId, task, attempt, agent, model, worktree, briefing, limits, recorded, signal } = context;
  let answers = recorded.filter((event) => event.type === 'model.answered' && !event.purpose).length;
  const latest = recorded.findLast((event) => event.type === 'model.answered')?.seq ?? 0;
  // After a crash: what was said at this step may have been read already.
  let told = recorded.some((event) => event.type === 'message.received' && event.seq > latest) ? answers : -1;
  return {
    ...{ runId, task, attempt, agent, model, worktree, briefing, limits, recorded, signal },
    emit: async (event: NewEvent) => {
      if (event.type === 'model.answered' && !event.purpose) answers++;
      await context.emit(event);
    },
    ask: async (approval) => recording.reply(task.id, approval) ?? context.ask(approval),
    recipients: () => context.recipients(),
    checkpoint: async () => {
      if (told < answers) {
        told = answers;
        for (const text of recording.mail({ taskId: task.id, attempt }, answers))
          await context.emit({ type: 'message.sent', from: person, to: task.id, text });
      }
      return context.checkpoint();
    },
    diagnose: (gates) => context.diagnose(gates),
  };
}
