import assert from 'node:assert/strict';
import { delimiter, join } from 'node:path';
import { treeEnvironment } from '../../../../src/adapters/process/treeEnvironment';

describe('treeEnvironment', () => {
  it('puts the tree’s programs first and takes out what a script of ours was started with', () => {
    const folders = ['/opt/engine/node_modules/.bin', '/usr/lib/node_modules/npm/node-gyp-bin', '/usr/bin'];
    const from = { PATH: folders.join(delimiter), HOME: '/home/a', GH_TOKEN: 's' };
    assert.deepEqual(treeEnvironment('/tree', { from, extra: { CI: '1' } }), {
      PATH: [join('/tree', 'node_modules', '.bin'), '/usr/bin'].join(delimiter),
      HOME: '/home/a',
      CI: '1',
    });
  });
});
