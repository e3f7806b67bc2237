import * as z from 'zod';
import { isUnanswered } from '../../core/model/approval';
import { everyone, person } from '../../core/model/message';
import { defineTool, done, refused, word } from './tool';

/** A message is read by a model at its next step, among everything else it knows. */
const maxChars = 8_000;

export const message = defineTool({
  name: 'message',
  description:
    'Leaves a short message for the agent of another task (by its id), for `all` of them, or for `person`. Nobody answers at once; an answer arrives by itself at a later step.',
  schema: z.object({ to: z.string().min(1), text: z.string().min(1).max(maxChars) }),
  summary: ({ to, text }) => `to ${word(to)}: ${word(text)}`,
  run: async ({ to, text }, { attempt }) => {
    const known = [...attempt.recipients(), everyone, person];
    if (!known.includes(to))
      return refused(`Nobody named ${word(to)} can read a message now. There are: ${known.join(', ')}.`);
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
    if (isUnanswered(answer))
      return done('Nobody is there to answer. Decide yourself, and say in your summary what you assumed.');
    if (answer.text?.trim()) return done(answer.text);
    return done(answer.decision === 'allow' ? 'Yes.' : 'No.');
  },
});
