import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { createEngine } from '../../src/compose';
import type { EngineOptions } from '../../src/composeRun';
import type { StoredEvent } from '../../src/core/model/event';
import type { ModelScript, ScriptedRequest } from '../support/modelScript';
import { startOpenAiServer } from '../support/openaiServer';
import { expectOk } from '../support/realGit';
import { nobody, reportOf, typescriptRepository } from '../support/scenario';
import type { ScriptedServer } from '../support/scriptedServer';

const key = 'sk-very+secret/key=1234567890';
const plan = `
name: one
gates: []
tasks:
  - id: note
    title: Write a note
    agent: scribe
    prompt: Write NOTES.md
    scope: ["NOTES.md"]
`;
const scribe = '---\nname: scribe\ndescription: Writes notes.\nmodel: sonnet\n---\nYou write notes.\n';

const obedient: ModelScript = ({ step }) =>
  step === 0
    ? { toolCalls: [{ name: 'write', input: { path: 'NOTES.md', content: 'A note.\n' } }] }
    : { toolCalls: [{ name: 'finish', input: { summary: 'Written.' } }], usage: { input: 100, output: 10 } };

/** Whole runs of one agent whose file says `model: sonnet`. */
describe('the models of a run', () => {
  let server: ScriptedServer;
  const repository = () => typescriptRepository({ '.claude/agents/scribe.md': scribe, 'plan.yaml': plan });
  let fixture = repository();

  afterEach(async () => {
    await server.close();
    fixture.remove();
  });

  async function run(script: ModelScript, options: Partial<EngineOptions>, model = 'openai-compatible/main') {
    fixture = repository();
    server = await startOpenAiServer(script);
    const log: string[] = [];
    const { settings, ...others } = options;
    const own = { model, baseUrl: server.baseUrl, stateFolder: fixture.state, ...settings };
    const engine = expectOk(
      await createEngine({
        workspace: fixture.root,
        approver: nobody,
        settings: own,
        apiKey: () => Promise.resolve(key),
        log: (_level, message) => log.push(message),
        ...others,
      }),
    );
    try {
      const request = {
        request: 'Note it',
        planPath: 'plan.yaml',
        approvePlan: true,
        deliver: 'auto' as const,
      };
      const { runId } = expectOk(await engine.start(request));
      const view = await engine.settled(runId);
      const events = await engine.events(runId);
      const loaded = await engine.agents();
      return { view, events, log, loaded, report: reportOf(fixture, runId), runId };
    } finally {
      await engine.dispose();
    }
  }

  const modelsAsked = (events: readonly StoredEvent[]) =>
    events.flatMap((event) => (event.type === 'model.called' ? [event.model] : []));

  it('are those the agents’ files name, by the tiers a person configured', async () => {
    const tiers = { sonnet: 'openai-compatible/middling' };
    const { view, events, loaded } = await run(obedient, { settings: { models: { tiers } } });
    assert.equal(view.state.name, 'delivered', JSON.stringify(view.failures));
    assert.deepEqual([...new Set(modelsAsked(events))], ['openai-compatible/middling']);
    assert.equal(server.requests[0]!.model, 'middling');
    assert.deepEqual(loaded.models?.['scribe'], {
      id: 'openai-compatible/middling',
      reason: '"sonnet" stands for it in the configuration',
    });
  });

  it('are others where one cannot be used, which is said and counted by its own name', async () => {
    const script: ModelScript = (request: ScriptedRequest) =>
      request.model === 'main' ? { status: 404 } : obedient(request);
    const fallbacks = ['openai-compatible/spare'];
    const { view, events, runId } = await run(script, { settings: { models: { fallbacks } } });
    assert.equal(view.state.name, 'delivered', JSON.stringify(view.failures));
    const asked = modelsAsked(events);
    assert.equal(asked[0], 'openai-compatible/main');
    assert.deepEqual([...new Set(asked.slice(1))], ['openai-compatible/spare']);
    assert.match(
      view.activity.map(({ text }) => text).join('\n'),
      /openai-compatible\/spare answers instead/,
    );
    const folder = join(fixture.root, '.enterprise/runs', runId);
    assert.match(readFileSync(join(folder, 'performance.md'), 'utf8'), /`openai-compatible\/spare` +\| 2 /);
  });

  it('never leave a key in the journal, the reports or the log, however often a service repeats it', async () => {
    const forms = [key, encodeURIComponent(key), Buffer.from(key).toString('base64')];
    const echo = `you sent ${forms.join(' and ')}`;
    let calls = 0;
    const script: ModelScript = (request) => {
      calls++;
      if (calls === 1)
        return { status: 500, headers: { 'retry-after-ms': '1' }, body: { error: { message: echo } } };
      if (calls === 2) return { status: 429, headers: { 'retry-after-ms': '1' }, body: echo };
      return obedient(request);
    };
    const { view, events, log } = await run(script, {});
    assert.equal(view.state.name, 'delivered', JSON.stringify(view.failures));
    assert.equal(server.requests[0]!.headers.authorization, `Bearer ${key}`, 'the key was used');
    assert.equal(events.filter(({ type }) => type === 'model.failed').length, 2);
    assert.match(JSON.stringify(events), /\[redacted\]/);
    const written = [...filesOf(fixture.state), ...filesOf(join(fixture.root, '.enterprise'))];
    assert.ok(
      written.some((file) => file.endsWith('.sqlite') || file.endsWith('.db')),
      written.join('\n'),
    );
    const bare = forms.map((form) => form.replace(/=+$/, ''));
    const texts = [...written.map((file) => readFileSync(file, 'latin1')), ...log];
    for (const form of bare) assert.equal(texts.filter((text) => text.includes(form)).length, 0, form);
  });
});

function filesOf(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
}
