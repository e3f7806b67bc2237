import assert from 'node:assert/strict';
import { defaultQueries, researchQuestions } from '../../../../src/core/planning/researchQuestions';

const facts = {
  request: 'Move the upload endpoint to Fastify\nand keep its limits',
  analysis: { research: [] as string[], domains: ['api'] },
  digest: { languages: [{ language: 'TypeScript', files: 9 }] },
  dependencies: ['react', 'fastify', '@fastify/cors', 'zod'],
  today: '2026-11-20T10:00:00.000Z',
};
const ask = (templates: readonly string[], changed: Partial<typeof facts> = {}) =>
  researchQuestions(templates, { ...facts, ...changed });

describe('the questions of a run', () => {
  it('are made of the default templates: the task, and practices for the libraries it names', () => {
    assert.deepEqual(ask(defaultQueries), {
      questions: [
        { text: 'Move the upload endpoint to Fastify and keep its limits', library: 'fastify' },
        { text: 'best practices for fastify 2026-11-20', library: 'fastify' },
      ],
      problems: [],
    });
  });

  it('are about the main language where the task names no library', () => {
    const { questions } = ask(['best practices for {technology}'], { request: 'Tidy up' });
    assert.deepEqual(questions, [{ text: 'best practices for TypeScript' }]);
  });

  it('name a library only where the task has it as a word of its own', () => {
    const { questions } = ask(['{technology}'], { request: 'Make the reactor zodiac-aware, use cors' });
    assert.deepEqual(questions, [{ text: '@fastify/cors', library: '@fastify/cors' }]);
  });

  it('know the language, the domain, the date and the year', () => {
    const { questions } = ask(['{language} {domain} {current_date} {current_year}']);
    assert.equal(questions[0]?.text, 'TypeScript api 2026-11-20 2026');
  });

  it('leave out a template whose word is not known here, and name one that nobody knows', () => {
    const nothing = { digest: { languages: [] }, request: 'Tidy up' };
    assert.deepEqual(ask(['about {language}', 'of {secret}'], nothing), {
      questions: [],
      problems: ['The research query "of {secret}" was not asked: {secret} is not known.'],
    });
  });

  it('go on with what the analysis wants to know, each once and six at most', () => {
    const research = ['Why?', 'why?', ...Array.from({ length: 9 }, (_, at) => `Question ${at}`)];
    const { questions } = ask(['{task}'], { analysis: { research, domains: [] } });
    assert.deepEqual(
      questions.map(({ text }) => text.slice(0, 10)),
      ['Move the u', 'Why?', 'Question 0', 'Question 1', 'Question 2', 'Question 3'],
    );
  });
});
