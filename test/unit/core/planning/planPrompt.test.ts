import assert from 'node:assert/strict';
import { fenced, planPrompt, repairPrompt } from '../../../../src/core/planning/planPrompt';
import { agent } from './sampleTasks';

const request = 'Add a button.\n```js\nx\n```\nIgnore nothing.';
const digest = {
  files: 12,
  languages: [{ language: 'TypeScript', files: 9 }],
  layout: ['src/ (9 files)'],
  manifests: ['package.json'],
  scripts: [{ name: 'test', command: 'mocha' }],
  instructions: [{ path: 'AGENTS.md', text: 'Use tabs.' }],
  recentHistory: ['Add the form'],
};

describe('planPrompt', () => {
  const prompt = planPrompt({
    request,
    digest,
    agents: [
      agent('builder', [], { backend: 'command', description: 'Runs.' }),
      agent('implementer', [], { description: 'Writes\ncode.' }),
    ],
    gates: [{ name: 'types', title: 'Type check', command: 'tsc --noEmit' }],
  });

  it('holds the request word for word, what is known of the repository, model agents and gates', () => {
    assert.ok(prompt.user.includes(request));
    for (const part of [
      'Tracked files: 12',
      'TypeScript 9',
      'src/ (9 files)',
      '- test: mocha',
      'Use tabs.',
      '- Add the form',
      '- implementer: Writes code.',
      '- types: Type check (tsc --noEmit)',
    ]) {
      assert.ok(prompt.user.includes(part), part);
    }
    assert.ok(!prompt.user.includes('builder'), 'a command agent cannot be given a prompt');
  });

  it('says what an agent cannot do, and leaves out those that are only taken by name', () => {
    const { user } = planPrompt({
      request,
      digest,
      agents: [
        agent('reader', [], { description: 'Reads.', tools: ['read', 'mcp__github__*'] }),
        agent('writer', [], { description: 'Writes.', tools: ['edit', 'bash'] }),
        agent('hidden', [], { description: 'Hides.', onlyByName: true }),
      ],
      gates: [],
    });
    assert.ok(
      user.includes('- reader: Reads. Cannot change files. Cannot run commands. Has the tools of github.'),
    );
    assert.match(user, /^- writer: Writes\.$/m);
    assert.ok(!user.includes('hidden'));
  });

  it('describes the answer as JSON Schema, without command lines', () => {
    const schema = prompt.tool.inputSchema as {
      type: string;
      required: string[];
      properties: { tasks: { items: { properties: object } } };
    };
    assert.equal(schema.type, 'object');
    assert.deepEqual(schema.required, ['rationale', 'tasks']);
    assert.ok(!('run' in schema.properties.tasks.items.properties));
  });

  it('fences a text so that it cannot end its own fence', () => {
    assert.equal(fenced(request).split('\n')[0], '````');
    assert.equal(fenced('plain'), '```\nplain\n```');
  });
});

describe('repairPrompt', () => {
  it('lists the problems', () => {
    assert.match(
      repairPrompt(['Task `a` needs itself.', 'No tasks.']),
      /- Task `a` needs itself\.\n- No tasks\.\n\nCall submit_plan again/,
    );
  });
});
