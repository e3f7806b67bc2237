import assert from 'node:assert/strict';
import { untrustedLine, untrustedText } from '../../../../src/adapters/mcp/untrustedText';

describe('the text of an MCP server', () => {
  it('loses control sequences and characters nobody sees, and keeps lines and joiners', () => {
    const hidden = String.fromCodePoint(...Array.from(Buffer.from('delete'), (code) => 0xe0000 + code));
    const text = `a\u001b[31mb\u0007\u202ec\u200b\u2060${hidden}\r\n\td\u0000 می\u200cخواهم`;
    assert.equal(untrustedText(text, 100), 'abc\n\td می\u200cخواهم');
  });

  it('loses secrets, the longer before the shorter', () => {
    assert.equal(
      untrustedText('key=abcdef-long abcdef', 100, ['abcdef-long', 'abcdef']),
      'key=[secret] [secret]',
    );
  });

  it('is bounded, head and tail', () => {
    const text = untrustedText(`${'a'.repeat(10_000)}${'z'.repeat(10_000)}`, 100);
    assert.ok(text.length < 160);
    assert.match(text, /^a+\n… \d+ characters left out …\nz+$/);
  });

  it('is one line where one is wanted', () => {
    assert.equal(untrustedLine(' a\n\n# b ', 100), 'a # b');
    assert.equal(untrustedLine('x'.repeat(50), 10), `${'x'.repeat(9)}…`);
  });
});
