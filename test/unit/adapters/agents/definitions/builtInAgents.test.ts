import assert from 'node:assert/strict';
import { builtInAgents } from '../../../../../src/adapters/agents/definitions/builtInAgents';
import { systemPrompt } from '../../../../../src/adapters/agents/backends/systemPrompt';
import { agentTools } from '../../../../../src/core/model/agentFile';

describe('the built-in agents', () => {
  const toolsOf = (name: string) => {
    const agent = builtInAgents.find((one) => one.name === name);
    assert.ok(agent, name);
    return agent.tools ?? 'all';
  };

  it('are the eight that are promised', () =>
    assert.deepEqual(builtInAgents.map(({ name }) => name).sort(), [
      'architect',
      'documenter',
      'implementer',
      'performance-engineer',
      'release-engineer',
      'reviewer',
      'security-engineer',
      'test-engineer',
    ]));

  for (const { name, instructions } of builtInAgents) {
    it(`${name} is told how to work, what to look for, what to deliver and when to stop`, () => {
      const headings = instructions.split('\n').filter((line) => line.startsWith('## '));
      assert.deepEqual(headings, [
        '## How to work',
        '## What to look for',
        '## What to deliver',
        '## When to stop',
      ]);
      for (const section of instructions.split(/^## .*$/m)) assert.ok(section.trim().length > 40, section);
    });
  }

  it('have no two capabilities lists alike, and no sentence in common', () => {
    const lists = builtInAgents.map(({ capabilities }) => capabilities.join());
    assert.equal(new Set(lists).size, lists.length);
    const sentences = builtInAgents.flatMap(({ instructions }) => sentencesOf(instructions));
    assert.deepEqual(
      sentences.filter((sentence, index) => sentences.indexOf(sentence) !== index),
      [],
    );
  });

  it('repeat nothing of what every agent is told', () => {
    const everybody = new Set(sentencesOf(systemPrompt({ name: 'x', instructions: '' }, agentTools)));
    const repeated = builtInAgents.flatMap(({ instructions }) =>
      sentencesOf(instructions).filter((sentence) => everybody.has(sentence)),
    );
    assert.deepEqual(repeated, []);
  });

  it('the reviewer can look and run, and cannot change a file', () => {
    const tools = toolsOf('reviewer');
    assert.ok(tools.includes('bash') && tools.includes('read'));
    assert.deepEqual(
      ['edit', 'write', 'apply_patch'].filter((tool) => tools.includes(tool)),
      [],
    );
  });

  it('the architect writes and runs nothing', () => {
    const tools = toolsOf('architect');
    assert.ok(tools.includes('write') && !tools.includes('bash'));
  });

  it('only those whose work needs it reach servers outside', () =>
    assert.deepEqual(
      builtInAgents.filter(({ tools }) => tools === undefined).map(({ name }) => name),
      ['implementer', 'test-engineer', 'performance-engineer'],
    ));
});

function sentencesOf(text: string): string[] {
  return text
    .split(/(?<=[.:?])\s+|\n+/)
    .map((sentence) => sentence.replace(/^[-\d.#\s]+/, '').trim())
    .filter((sentence) => sentence.length > 25);
}
