import * as z from 'zod';
import { defineTool, done, refused, word } from './tool';

export const message = defineTool({
  name: 'message',
  description:
    'Leaves a short message for the agent of another task (by its id) or for `person`. Nobody answers at once.',
  schema: z.object({ to: z.string().min(1), text: z.string().min(1) }),
  summary: ({ to, text }) => `to ${word(to)}: ${word(text)}`,
  run: async ({ to, text }, { attempt }) => {
    if (to === attempt.task.id) return refused('That is your own task.');
    await attempt.emit({ type: 'message.sent', taskId: attempt.task.id, attempt: attempt.attempt, to, text });
    return done(`Sent to ${to}.`);
  },
});

export const askUser = defineTool({
  name: 'ask_user',
  description:
    'Asks a person and waits for the answer. Only for what you cannot find out and must not decide yourself.',
  schema: z.object({ question: z.string().min(1) }),
  summary: ({ question }) => `asks: ${word(question)}`,
  run: async ({ question }, { attempt }) => {
    const answer = await attempt.ask({
      kind: 'question',
      taskId: attempt.task.id,
      title: word(question, 120),
      detail: question,
    });
    if (answer.by === 'nobody')
      return done('Nobody is there to answer. Decide yourself, and say in your summary what you assumed.');
    if (answer.text?.trim()) return done(answer.text);
    return done(answer.decision === 'allow' ? 'Yes.' : 'No.');
  },
});
