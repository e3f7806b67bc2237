import assert from 'node:assert/strict';
import { builtInAgents } from '../../../../src/adapters/agents/definitions/builtInAgents';
import { commandAgents } from '../../../../src/adapters/agents/definitions/commandAgents';
import { builtInWorkflows, type WorkflowFacts } from '../../../../src/adapters/workflows/builtInWorkflows';
import { completePlan } from '../../../../src/core/planning/completePlan';
import { planFileSchema } from '../../../../src/core/model/plan';

const names = ['types', 'lint', 'format', 'tests', 'build', 'audit', 'secrets'];
const gates = names.map((name) => ({ name, title: name, command: name, timeoutMs: 1000 }));
const full: WorkflowFacts = {
  gates,
  fixers: { lint: { run: 'fix it' }, format: { run: 'format it' }, absent: [] },
  hasCode: true,
};
const bare: WorkflowFacts = { gates: [], fixers: { absent: [] }, hasCode: false };

/** One line for each task: `id ← needs [gates] agent`. */
function picture(facts: WorkflowFacts, name: string): string[] {
  const workflow = builtInWorkflows(facts).find((one) => one.name === name);
  assert.ok(workflow);
  const completed = completePlan(workflow.file, {
    agents: [...builtInAgents, ...commandAgents],
    gates: facts.gates.map((gate) => gate.name),
    origin: 'workflow',
    source: name,
    isOffline: true,
  });
  assert.ok(completed.ok, completed.ok ? '' : completed.failure.message);
  assert.deepEqual(completed.value.notes, []);
  const { plan } = completed.value;
  return [
    ...plan.tasks.map((task) => `${task.id} ← ${task.needs.join()} [${task.gates.join()}] ${task.agent}`),
    `combined [${plan.gates.join()}]`,
  ];
}

describe('builtInWorkflows', () => {
  it('check-and-tidy analyses, fixes, formats after fixing, and checks the rest side by side', () => {
    assert.deepEqual(picture(full, 'check-and-tidy'), [
      'analyse-code ←  [] code-analyst',
      'analyse-docs ←  [] documentation-analyst',
      'lint-fix ←  [types,lint] linter',
      'format ← lint-fix [lint,format] formatter'.replace('lint,format', 'format,lint'),
      'check-types ←  [] type-checker',
      'check-tests ←  [] tester',
      'check-build ←  [] builder',
      'check-audit ←  [] auditor',
      'check-secrets ←  [] secret-scanner',
      'combined [types,lint,format,tests,build,audit,secrets]',
    ]);
  });

  it('checks what it cannot fix', () => {
    const ids = picture({ ...full, fixers: { absent: [] } }, 'check-and-tidy').map(
      (line) => line.split(' ')[0],
    );
    assert.ok(ids.includes('check-lint') && ids.includes('check-format') && !ids.includes('lint-fix'));
  });

  it('formats without waiting where there is nothing to fix first', () => {
    assert.deepEqual(
      picture({ ...full, fixers: { format: { run: 'x' }, absent: [] } }, 'tidy')[0],
      'format ←  [format,lint] formatter',
    );
  });

  it('verify checks everything, analyse and document check nothing', () => {
    assert.equal(picture(full, 'verify').filter((line) => line.startsWith('check-')).length, 7);
    assert.deepEqual(picture(full, 'analyse').at(-1), 'combined []');
    assert.deepEqual(picture(full, 'document'), ['analyse-docs ←  [] documentation-analyst', 'combined []']);
  });

  it('offers only what has something to do, and always the default', () => {
    assert.deepEqual(
      builtInWorkflows(bare).map((workflow) => workflow.name),
      ['check-and-tidy', 'analyse', 'document'],
    );
    assert.deepEqual(picture(bare, 'check-and-tidy'), [
      'analyse-docs ←  [] documentation-analyst',
      'combined []',
    ]);
  });

  it('makes files the schema accepts, also for gates with odd names', () => {
    const odd = { name: 'Licence Check!', title: 'Licences', command: 'x', timeoutMs: 1 };
    for (const workflow of builtInWorkflows({ ...full, gates: [...gates, odd] }))
      planFileSchema.parse(workflow.file);
  });
});
