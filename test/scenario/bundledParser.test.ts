import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import type * as bashParser from '../../src/adapters/policy/bashParser';

const dist = resolve(__dirname, '../../dist');

describe('the parser of shell commands as it ships', () => {
  it('loads from beside the bundles, without node_modules', async () => {
    const { loadBashParser } = createRequire(__filename)(join(dist, 'bashParser.js')) as typeof bashParser;
    const parse = await loadBashParser({
      runtime: join(dist, 'web-tree-sitter.wasm'),
      grammar: join(dist, 'tree-sitter-bash.wasm'),
    });
    const tree = parse('ls | wc -l');
    assert.equal(tree?.rootNode.hasError, false);
    assert.deepEqual(
      tree.rootNode.namedChildren.map((node) => node.type),
      ['pipeline'],
    );
    tree.delete();
  });
});
