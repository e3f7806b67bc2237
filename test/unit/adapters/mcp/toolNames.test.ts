import assert from 'node:assert/strict';
import { isServerWanted, isWanted, toolNames } from '../../../../src/adapters/mcp/toolNames';

describe('the names of MCP tools', () => {
  const tool = (server: string, name: string) => ({ server, tool: name });

  it('are made of the server’s and the tool’s, with what models take', () => {
    assert.deepEqual(toolNames([tool('docs', 'search'), tool('my docs', 'search.all/ä')]), [
      'mcp__docs__search',
      'mcp__my_docs__search_all__',
    ]);
  });

  it('stay apart where they would be the same, and do not depend on what else is there', () => {
    const both = toolNames([tool('a', 'x.y'), tool('a', 'x_y')]);
    assert.equal(new Set(both).size, 2);
    const [first] = toolNames([tool('a', 'x.y'), tool('b', 'z'), tool('a', 'x/y')]);
    assert.equal(first, both[0]);
    assert.match(first ?? '', /^mcp__a__x_y_[0-9a-f]{8}$/);
  });

  it('stay apart where two servers are called alike', () => {
    assert.equal(new Set(toolNames([tool('a b', 'x'), tool('a_b', 'x')])).size, 2);
  });

  it('are 64 characters at most', () => {
    const [name = ''] = toolNames([tool('s'.repeat(60), 't'.repeat(60))]);
    assert.equal(name.length, 64);
  });

  it('are wanted as definitions write them', () => {
    const search = tool('my docs', 'search');
    for (const wanted of [
      'mcp__my_docs__search',
      'mcp__my docs__search',
      'mcp__my_docs__*',
      'mcp__my_docs',
      'mcp__*',
    ]) {
      assert.equal(isWanted(search, { tools: [wanted] }), true, wanted);
      assert.equal(isServerWanted('my docs', { tools: [wanted] }), true, wanted);
    }
    for (const wanted of ['mcp__my_docs__search2', 'mcp__my__*', 'search', 'read'])
      assert.equal(isWanted(search, { tools: [wanted] }), false, wanted);
    assert.equal(isServerWanted('my docs', { tools: ['mcp__my__search', 'bash'] }), false);
    assert.equal(isWanted(search, {}), true);
  });

  it('are not offered where a definition forbids them, whatever else it allows', () => {
    const search = tool('docs', 'search');
    assert.equal(isWanted(search, { tools: ['mcp__*'], withoutTools: ['mcp__docs__search'] }), false);
    assert.equal(isWanted(tool('docs', 'read'), { withoutTools: ['mcp__docs__search'] }), true);
    assert.equal(isServerWanted('docs', { withoutTools: ['mcp__docs__search'] }), true);
    assert.equal(isServerWanted('docs', { tools: ['mcp__*'], withoutTools: ['mcp__docs__*'] }), false);
  });
});
