import assert from 'node:assert/strict';
import type { Agent } from '../../../../src/core/model/agent';
import type { Work } from '../../../../src/core/model/plan';
import { selectAgent, type SelectionHints } from '../../../../src/core/planning/selectAgent';
import { builtInAgents } from '../../../../src/adapters/agents/definitions/builtInAgents';
import { commandAgents } from '../../../../src/adapters/agents/definitions/commandAgents';
import { agent } from './sampleTasks';

const everybody = [...builtInAgents, ...commandAgents];

function chosen(
  title: string,
  work: Work,
  agents: readonly Agent[] = everybody,
  hints: SelectionHints = {},
): string {
  const choice = selectAgent({ id: 'x', title, work }, agents, hints);
  assert.ok(choice.ok, choice.ok ? '' : choice.failure.message);
  assert.ok(choice.value.reasons.length > 0);
  return choice.value.agent.name;
}

function prompted(text: string, agents: readonly Agent[] = everybody): string {
  return chosen(text, { kind: 'agent', prompt: text }, agents);
}

describe('selectAgent among the built-in agents', () => {
  const prompts: [string, string][] = [
    ['Add a --verbose option to the command line', 'implementer'],
    ['Fix the crash when the list is empty', 'implementer'],
    ['Write unit tests for the parser', 'test-engineer'],
    ['Raise the test coverage of src/billing', 'test-engineer'],
    ['Document the public API of src/', 'documenter'],
    ['Update the README with the new options', 'documenter'],
    ['Review the authentication code for security vulnerabilities', 'security-engineer'],
    ['Review the change of the cache module', 'reviewer'],
    ['Make the search faster: profile it and optimise the slow queries', 'performance-engineer'],
    ['Design the architecture of the plugin system', 'architect'],
    ['Prepare the release: bump the version and set up the publish pipeline', 'release-engineer'],
    ['Do the thing', 'implementer'],
  ];
  for (const [text, expected] of prompts)
    it(`${text} → ${expected}`, () => assert.equal(prompted(text), expected));

  const works: [string, Work, string][] = [
    ['Type check', { kind: 'check', gates: ['types'] }, 'type-checker'],
    ['Tests', { kind: 'check', gates: ['tests'] }, 'tester'],
    ['Audit', { kind: 'check', gates: ['audit'] }, 'auditor'],
    ['Secrets', { kind: 'check', gates: ['secrets'] }, 'secret-scanner'],
    ['Own gate', { kind: 'check', gates: ['licences'] }, 'command-runner'],
    ['Analyse', { kind: 'analysis', of: 'code' }, 'code-analyst'],
    ['Analyse', { kind: 'analysis', of: 'documentation' }, 'documentation-analyst'],
    ['Run it', { kind: 'command', run: 'npx eslint . --fix' }, 'linter'],
    ['Run it', { kind: 'command', run: 'npx prettier --write .' }, 'formatter'],
    ['Copy the assets', { kind: 'command', run: 'cp -r a b' }, 'command-runner'],
  ];
  for (const [title, work, expected] of works) {
    it(`${JSON.stringify(work)} → ${expected}`, () => assert.equal(chosen(title, work), expected));
  }
});

describe('selectAgent', () => {
  const prompt: Work = { kind: 'agent', prompt: 'Write the React form' };

  it('prefers a specialist of the project', () => {
    const own = agent('react-developer', ['implementation', 'frontend'], {
      source: { kind: 'project', path: '/p/a.md' },
    });
    const choice = selectAgent({ id: 'x', title: 'Write the React form', work: prompt }, [...everybody, own]);
    assert.ok(choice.ok);
    assert.equal(choice.value.agent.name, 'react-developer');
    assert.deepEqual(choice.value.reasons, [
      'does this kind of work: implementation',
      'knows the subject: frontend',
      'its name is in the task: react',
      'defined in this project',
    ]);
  });

  it('breaks ties by name, whatever the order of the agents', () => {
    const twins = [agent('b', ['implementation']), agent('a', ['implementation'])];
    assert.equal(prompted('Write it', twins), 'a');
    assert.equal(prompted('Write it', twins.toReversed()), 'a');
  });

  it('does not give work that changes files to an agent that cannot edit', () => {
    const reader = agent('parser-expert', ['implementation', 'testing'], { tools: ['read', 'grep'] });
    assert.equal(prompted('Write the parser', [reader, agent('other', [])]), 'other');
  });

  it('honours the agent the author named, in any case of letters', () => {
    assert.equal(chosen('Fix it', prompt, everybody, { agent: 'Documenter' }), 'documenter');
  });

  it('answers an unknown name with the closest ones', () => {
    const choice = selectAgent({ id: 'docs', title: 'Docs', work: prompt }, everybody, {
      agent: 'documentor',
    });
    assert.ok(!choice.ok);
    assert.equal(choice.failure.kind, 'agent-missing');
    assert.equal(choice.failure.message, 'Task `docs` names the agent `documentor`, which does not exist.');
    assert.equal(choice.failure.remedy, 'Did you mean `documenter`?');
  });

  it('refuses an agent that cannot do that kind of work', () => {
    const choice = selectAgent({ id: 'x', title: 'x', work: { kind: 'command', run: 'ls' } }, everybody, {
      agent: 'implementer',
    });
    assert.ok(!choice.ok);
    assert.equal(
      choice.failure.message,
      'Task `x` names the agent `implementer`, which works with a language model, but the task is a command line.',
    );
  });

  it('says so when nobody has the backend', () => {
    const choice = selectAgent({ id: 'x', title: 'x', work: prompt }, [...commandAgents]);
    assert.ok(!choice.ok && choice.failure.kind === 'agent-missing');
  });
});
