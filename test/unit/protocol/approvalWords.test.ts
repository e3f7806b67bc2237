import assert from 'node:assert/strict';
import { visible } from '../../../src/protocol/approvalWords';

describe('what a person is asked to allow', () => {
  const cases: readonly [what: string, text: string, shown: string][] = [
    ['an escape sequence that would clear the line', 'ls\u001b[2K\rnpm test', 'ls\\u{1b}[2K\\u{d}npm test'],
    ['a mark that turns the direction', 'ls \u202etxt.x', 'ls \\u{202e}txt.x'],
    ['a character without width', 'npm\u200btest', 'npm\\u{200b}test'],
    ['a letter that nobody sees', 'rm \u3164x', 'rm \\u{3164}x'],
    ['text in invisible tags', 'ls\u{e0072}\u{e006d}', 'ls\\u{e0072}\\u{e006d}'],
    ['a blank that is no space', 'rm\u00a0-rf\u2003x', 'rm\\u{a0}-rf\\u{2003}x'],
    ['an empty braille sign', 'ls\u2800x', 'ls\\u{2800}x'],
    ['a Cyrillic letter in a Latin word', 'n\u0440m test', 'n\\u{440}m test'],
    ['a Greek letter in a Latin word', 'curl g\u03bfogle.example', 'curl g\\u{3bf}ogle.example'],
    ['a tab', 'a\tb', 'a\\tb'],
  ];
  for (const [what, text, shown] of cases) {
    it(`shows ${what}`, () => assert.equal(visible(text), shown));
  }

  it('stays as it is in any language', () => {
    for (const text of [
      'npm test\n  ls',
      'Größe äöü',
      'файл.ts и тест',
      '変更\u3000する',
      'λόγος',
      'naïve café',
    ])
      assert.equal(visible(text), text);
  });
});
