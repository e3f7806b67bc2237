import assert from 'node:assert/strict';
import { parseAudit } from '../../../../../src/adapters/gates/parsers/auditJson';
import { picture } from '../../../../support/problemPicture';
import { recorded } from '../../../../support/recordedOutput';

const injection =
  'package.json error [GHSA-35jh-r3h4-6jhm] lodash <4.17.21: Command Injection in lodash (high). https://github.com/advisories/GHSA-35jh-r3h4-6jhm';

function read(text: string): string[] | string {
  const report = parseAudit(text, 'package.json');
  return 'error' in report ? report.error : picture(report.problems);
}

describe('output of a dependency audit', () => {
  it('names the same advisory from npm and pnpm', () => {
    assert.deepEqual(read(recorded('npm-audit.json')), [injection]);
    assert.deepEqual(read(recorded('pnpm-audit.json')), [injection]);
  });

  it('is an error, never a clean bill, when the registry did not answer', () => {
    assert.match(String(read(recorded('npm-audit-offline.json'))), /ECONNREFUSED/);
    assert.match(String(read(recorded('yarn-audit-refused.ndjson'))), /returned a 405/);
    assert.match(String(read('')), /not the JSON of an audit/);
  });

  it('reads the lines of Yarn 1 and Yarn 4', () => {
    const advisory = {
      id: 1,
      module_name: 'lodash',
      title: 'Command Injection in lodash',
      severity: 'high',
      vulnerable_versions: '<4.17.21',
    };
    const yarn1 = [
      { type: 'auditAdvisory', data: { advisory } },
      { type: 'auditSummary', data: {} },
    ];
    assert.deepEqual(read(yarn1.map((line) => JSON.stringify(line)).join('\n')), [
      'package.json error [1] lodash <4.17.21: Command Injection in lodash (high)',
    ]);
    const children = {
      ID: 2,
      Issue: 'Prototype pollution',
      Severity: 'moderate',
      'Vulnerable Versions': '<1.2.6',
    };
    assert.deepEqual(read(JSON.stringify({ value: 'minimist', children })), [
      'package.json warning [2] minimist <1.2.6: Prototype pollution (moderate)',
    ]);
  });

  it('is clean when the report has no advisory', () => {
    assert.deepEqual(read('{"vulnerabilities":{},"metadata":{}}'), []);
  });
});
