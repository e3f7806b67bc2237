import assert from 'node:assert/strict';
import { sectionsOf } from '../../../../src/adapters/research/sections';

const picture = (text: string) =>
  sectionsOf('a.md', text).map(
    ({ line, title, text: body }) => `${line} ${title}: ${body.replaceAll('\n', '|')}`,
  );

describe('the sections of a document', () => {
  it('begin at its headings, with their lines', () => {
    assert.deepEqual(picture('before\n\n# One\n\nfirst\n\n## Two ##\nsecond\n'), [
      '1 : before',
      '3 One: first',
      '7 Two: second',
    ]);
  });

  it('do not begin inside fenced code', () => {
    assert.deepEqual(picture('# Use\n```sh\n# a comment\nnpm i\n```\nafter'), [
      '1 Use: ```sh|# a comment|npm i|```|after',
    ]);
  });

  it('are divided at a blank line where they are long', () => {
    const long = Array.from({ length: 70 }, (_, at) => `line ${at}`);
    long[65] = '';
    assert.deepEqual(
      sectionsOf('a.txt', long.join('\n')).map(({ line }) => line),
      [1, 67],
    );
  });

  it('are none of an empty text or of headings alone', () => {
    assert.deepEqual(picture('\n\n# Only\n\n## Headings\n'), []);
  });
});
