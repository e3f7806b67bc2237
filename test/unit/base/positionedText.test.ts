import assert from 'node:assert/strict';
import * as z from 'zod';
import { checkText, parseJsonText, parseYamlText } from '../../../src/base/positionedText';

const schema = z.strictObject({
  name: z.string(),
  tasks: z.array(z.strictObject({ id: z.string(), needs: z.array(z.number()).optional() })).optional(),
});

function problems(text: string, parse: typeof parseYamlText = parseYamlText): string[] {
  const checked = checkText(parse(text), schema);
  return checked.ok
    ? []
    : checked.problems.map(({ line, column, message }) => `${line}:${column} ${message}`);
}

describe('problems stand where they are', () => {
  const yaml: [string, string, string[]][] = [
    ['a wrong value', 'name: 5\n', ['1:7 `name`: Invalid input: expected string, received number']],
    [
      'a missing key stands at its map',
      'tasks: []\n',
      ['1:1 `name`: Invalid input: expected string, received undefined'],
    ],
    [
      'an unknown key stands at the key',
      'name: a\ntasks:\n  - id: a\n    nedes: [1]\n',
      ['4:5 `tasks[0]`: unknown key `nedes`'],
    ],
    [
      'deep in a list',
      'name: a\ntasks:\n  - id: a\n    needs: [1, x]\n',
      ['4:16 `tasks[0].needs[1]`: Invalid input: expected number, received string'],
    ],
    ['a key given twice', 'name: a\nname: b\n', ['2:1 Map keys must be unique']],
    ['an open quote', 'name: "a\n', ['2:1 Missing closing "quote']],
    ['an empty file', '', ['1:1 Invalid input: expected object, received null']],
    ['nothing', 'name: a\n', []],
  ];
  for (const [fact, text, expected] of yaml)
    it(`YAML: ${fact}`, () => assert.deepEqual(problems(text), expected));

  const json: [string, string, string[]][] = [
    ['a wrong value', '{\n\t"name": 5\n}', ['2:10 `name`: Invalid input: expected string, received number']],
    ['an unknown key', '{\n  "name": "a",\n  "x": 1\n}', ['3:3 unknown key `x`']],
    [
      'a comma too many is refused',
      '{\n  "name": "a",\n}',
      ['3:1 This is not valid JSON: Expected double-quoted property name'],
    ],
    ['YAML is not JSON', 'name: a', ["1:2 This is not valid JSON: Unexpected token 'a'"]],
    [
      'a comma too many in a list',
      '{\n  "name": "a",\n  "tasks": [1, ]\n}',
      ["3:16 This is not valid JSON: Unexpected token ']'"],
    ],
    [
      'a comment',
      '{\n  // why\n  "name": "a"\n}',
      ["2:3 This is not valid JSON: Expected property name or '}'"],
    ],
    [
      'a cut file ends at its end',
      '{"name": ',
      ['1:10 This is not valid JSON: Unexpected end of JSON input'],
    ],
  ];
  for (const [fact, text, expected] of json)
    it(`JSON: ${fact}`, () => assert.deepEqual(problems(text, parseJsonText), expected));

  it('refuses aliases that multiply beyond measure', () => {
    const bomb = [
      'a: &a [x,x,x,x,x,x,x,x,x]',
      ...'bcdefgh'
        .split('')
        .map((key, index) => `${key}: &${key} [${Array(9).fill(`*${'abcdefgh'[index]}`).join(',')}]`),
    ].join('\n');
    assert.match(parseYamlText(bomb).problems[0]?.message ?? '', /alias/i);
  });

  it('counts from the line the text begins at in its file', () => {
    assert.deepEqual(parseYamlText('a: b: c', 7).problems[0]?.line, 7);
  });
});
