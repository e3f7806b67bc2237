import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdir, open, readFile, symlink, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { lagWhile } from '../../../support/measure';
import { openBench, type Bench } from '../../../support/toolSession';

/** Case by case as in docs/tools.md, which says what other agents do on the same input. */
describe('the file tools, case by case', function () {
  this.timeout(60_000);
  let bench: Bench;
  beforeEach(async () => void (bench = await openBench()));
  afterEach(() => bench.close());

  describe('reading', () => {
    it('a line of 100,000 characters is cut at 2,000, and says by how much', async () => {
      await bench.put('a.js', `${'x'.repeat(100_000)}\nshort\n`);
      const { output } = await bench.call('read', { path: 'a.js' });
      assert.match(output, /^ {5}1\tx{2000}… \[98000 more characters in this line\]\n {5}2\tshort$/);
    });

    it('a cut never leaves half of a character', async () => {
      await bench.put('a', `${'x'.repeat(1999)}😀😀\n`);
      const { output } = await bench.call('read', { path: 'a' });
      assert(!/\p{Surrogate}/u.test(output), 'no lone surrogate reaches a service');
    });

    it('a file of 100 MB is read at an offset in bounded memory, without holding up the rest', async () => {
      const path = join(bench.root, 'huge.log');
      const file = await open(path, 'w');
      const block = `${'0123456789'.repeat(10)}\n`.repeat(10_000);
      for (let at = 0; at < 100; at++) await file.write(block);
      await file.close();
      const before = process.memoryUsage().rss;
      const { value, samples } = await lagWhile(() =>
        bench.call('read', { path: 'huge.log', offset: 999_000, limit: 2 }),
      );
      assert.match(value.output, /^999000\t0123456789\S+\n999001\t\S+\n\[lines/);
      assert.match(value.output, /\[lines 999002 to 1000000 are not shown; read on with offset 999002\]$/);
      assert(process.memoryUsage().rss - before < 60_000_000, 'not held whole');
      assert(Math.max(...samples) < 200, `held up for ${Math.max(...samples)} ms`);
      assert.match(
        (await bench.call('read', { path: 'huge.log', offset: 2_000_000 })).output,
        /has 1000000 lines/,
      );
    });

    it('a file of one line of 100 MB is cut as any long line', async () => {
      const path = join(bench.root, 'one-line.json');
      await writeFile(path, '[');
      const file = await open(path, 'a');
      for (let at = 0; at < 100; at++) await file.write('1,'.repeat(500_000));
      await file.close();
      const { ok, output } = await bench.call('read', { path: 'one-line.json' });
      assert.equal(ok, true);
      assert(output.length < 2200);
      assert.match(output, /\[99998001 more characters in this line\]$/);
    });

    it('an image is named with its size, not shown as text', async () => {
      const png = Buffer.alloc(33);
      Buffer.from([0x89, 0x50, 0x4e, 0x47, 13, 10, 26, 10]).copy(png);
      png.writeUInt32BE(640, 16);
      png.writeUInt32BE(480, 20);
      await bench.put('logo.png', png);
      const { ok, output } = await bench.call('read', { path: 'logo.png' });
      assert.equal(ok, false);
      assert.match(output, /logo\.png is a PNG image of 640 × 480 pixels, 33 bytes/);
    });

    it('a large sparse binary file is refused by its first bytes', async () => {
      await bench.put('disk.img', '');
      await truncate(join(bench.root, 'disk.img'), 5_000_000_000);
      const { samples, value } = await lagWhile(() => bench.call('read', { path: 'disk.img' }));
      assert.match(value.output, /disk\.img is binary \(\.img\) and cannot be read as text/);
      assert(Math.max(...samples) < 200);
    });

    it('CRLF and a byte order mark are not shown', async () => {
      await bench.put('a.txt', '\uFEFFone\r\ntwo\r\n');
      assert.equal((await bench.call('read', { path: 'a.txt' })).output, '     1\tone\n     2\ttwo');
    });

    it('a missing file, a folder in its place and a file in the place of a folder are told apart', async () => {
      await bench.put('src/a.ts', 'x');
      assert.match(
        (await bench.call('read', { path: 'src/b.ts' })).output,
        /src\/b\.ts does not exist\. Use glob/,
      );
      assert.equal((await bench.call('read', { path: 'src' })).output, 'a.ts');
      assert.match((await bench.call('edit', { path: 'src', old: 'a', new: 'b' })).output, /src is a folder/);
      assert.match((await bench.call('read', { path: 'src/a.ts/b' })).output, /does not exist/);
      assert.equal((await bench.call('write', { path: 'src', content: 'x' })).ok, false);
    });

    it('a folder of 30,000 files shows 500 names and says that there are more', async () => {
      execFileSync('sh', ['-c', 'mkdir many && cd many && seq 1 30000 | xargs touch'], { cwd: bench.root });
      const { output } = await bench.call('read', { path: 'many' });
      assert.equal(output.split('\n').length, 501);
      assert.match(output, /\[more than 19500 more entries are not shown; use glob or grep\]$/);
      const { output: globbed } = await bench.call('glob', { pattern: 'many/*' });
      assert.match(globbed, /\[29500 more files; narrow the pattern\]$/);
    });
  });

  describe('names and links', () => {
    const odd = [
      'with space.txt',
      '-rf',
      'naïve–ünïcode 日本.txt',
      'quote".txt',
      'line\nbreak.txt',
      'emoji😀.md',
    ];

    it('odd names can be read, found, searched and changed', async () => {
      for (const name of odd) await bench.put(name, 'needle\n');
      const { output } = await bench.call('glob', { pattern: '*' });
      assert(output.split('\n').includes('"line\\nbreak.txt"'), output);
      const { output: found } = await bench.call('grep', { pattern: 'needle' });
      assert.equal(found.split('\n').length, odd.length, found);
      assert(found.includes('"line\\nbreak.txt":1:needle'));
      for (const path of odd) {
        assert.equal((await bench.call('read', { path })).output, '     1\tneedle', path);
        assert.equal((await bench.call('edit', { path, old: 'needle', new: 'thread' })).ok, true, path);
        assert.equal(await bench.text(path), 'thread\n');
      }
    });

    it('links that go round in circles, or lead outside, are refused and not followed by searches', async () => {
      await symlink('b', join(bench.root, 'a'));
      await symlink('a', join(bench.root, 'b'));
      await mkdir(join(bench.root, 'dir'));
      await symlink('..', join(bench.root, 'dir/up'));
      await symlink('/etc', join(bench.root, 'etc'));
      await bench.put('dir/file.txt', 'root:needle\n');
      for (const path of ['a', 'etc/passwd'])
        assert.equal((await bench.call('read', { path })).ok, false, path);
      assert.equal((await bench.call('grep', { pattern: 'root:' })).output, 'dir/file.txt:1:root:needle');
      assert.equal((await bench.call('glob', { pattern: '**/*.txt' })).output, 'dir/file.txt');
    });

    it('a file that may not be read is named with the reason of the system', async function () {
      if (process.getuid?.() === 0) this.skip();
      await bench.put('secret', 'x');
      execFileSync('chmod', ['000', join(bench.root, 'secret')]);
      assert.match((await bench.call('read', { path: 'secret' })).output, /The system refused: EACCES/);
    });

    it('a name that is too long is refused with the reason of the system', async () => {
      const { ok, output } = await bench.call('write', { path: 'x'.repeat(300), content: '' });
      assert.equal(ok, false);
      assert.match(output, /The system refused: ENAMETOOLONG/);
    });
  });

  describe('changing', () => {
    it('an ambiguous edit is refused with the lines, and nothing is guessed', async () => {
      await bench.put('a', 'x = 1\ny\nx = 1\n');
      const { ok, output } = await bench.call('edit', { path: 'a', old: 'x = 1', new: 'x = 2' });
      assert.equal(ok, false);
      assert.match(output, /stands 2 times in a \(lines 1, 3\); nothing was changed/);
    });

    it('tabs are not spaces: a miss shows the lines that differ only in white space', async () => {
      await bench.put('Makefile', 'all:\n\techo hi\n');
      const { output } = await bench.call('edit', { path: 'Makefile', old: 'all:\n    echo hi', new: '' });
      assert.match(output, /differ from it only in white space:\n +1\tall:\n +2\t\techo hi/);
      assert.equal(await bench.text('Makefile'), 'all:\n\techo hi\n');
    });

    it('the missing line break at the end of a file stays missing', async () => {
      await bench.put('a', 'one\ntwo');
      await bench.call('edit', { path: 'a', old: 'two', new: '2' });
      assert.equal(await bench.text('a'), 'one\n2');
      await bench.call('apply_patch', { patch: patch('a', ' one', '-2', '+two') });
      assert.equal(await bench.text('a'), 'one\ntwo');
    });

    it('a file that a command changed since it was read has to be read again', async () => {
      await bench.put('a', 'one\n');
      await bench.call('read', { path: 'a' });
      await bench.call('bash', { command: 'echo two >> a' });
      for (const [name, input] of [
        ['edit', { path: 'a', old: 'one', new: '1' }],
        ['write', { path: 'a', content: '1\n' }],
        ['apply_patch', { patch: patch('a', '-one', '+1') }],
      ] as const) {
        const { ok, output } = await bench.call(name, input);
        assert.equal(ok, false, name);
        assert.match(output, /has changed since you read it\. Read it again first/, name);
      }
      await bench.call('read', { path: 'a' });
      assert.equal((await bench.call('edit', { path: 'a', old: 'one', new: '1' })).ok, true);
    });

    it('a patch that names plain quotes and dashes finds typographic ones, and keeps those it does not change', async () => {
      await bench.put('a.md', 'It’s “here” – now\nsecond  \nthird\n');
      const outcome = await bench.call('apply_patch', {
        patch: patch('a.md', ` It's "here" - now`, ' second', '-third', '+3rd'),
      });
      assert.equal(outcome.ok, true, outcome.output);
      assert.equal(await bench.text('a.md'), 'It’s “here” – now\nsecond  \n3rd\n');
    });

    it('a patch never guesses at indentation', async () => {
      await bench.put('a.py', 'if x:\n    one()\n');
      const { ok } = await bench.call('apply_patch', {
        patch: patch('a.py', ' if x:', '-  one()', '+  two()'),
      });
      assert.equal(ok, false);
      assert.equal(await bench.text('a.py'), 'if x:\n    one()\n');
    });

    it('a patch of which one file does not fit changes none', async () => {
      await bench.put('a', 'one\n');
      const both = `*** Begin Patch\n*** Add File: new\n+x\n*** Update File: a\n-nowhere\n+y\n*** End Patch`;
      const { ok, output } = await bench.call('apply_patch', { patch: both });
      assert.equal(ok, false);
      assert.match(output, /Nothing was changed/);
      await assert.rejects(readFile(join(bench.root, 'new')));
    });

    it('a patch does not overwrite a file that it says it adds, nor the target of a move', async () => {
      await bench.put('a', 'precious\n');
      await bench.put('b', 'other\n');
      const add = '*** Begin Patch\n*** Add File: a\n+x\n*** End Patch';
      assert.match((await bench.call('apply_patch', { patch: add })).output, /a exists already/);
      const move = '*** Begin Patch\n*** Update File: b\n*** Move to: a\n@@\n-other\n+x\n*** End Patch';
      assert.match((await bench.call('apply_patch', { patch: move })).output, /a exists already/);
      assert.equal(await bench.text('a'), 'precious\n');
    });
  });

  describe('the syntax after a change', () => {
    const broken: [path: string, before: string, old: string, fresh: string][] = [
      ['a.ts', 'function f() {\n  return 1;\n}\n', 'return 1;\n}', 'return 1;'],
      ['a.json', '{\n  "a": 1\n}\n', '1', '1,'],
      ['a.yaml', 'a:\n  b: 1\n', '  b: 1', '  b: "1'],
      ['a.tsx', 'export const A = () => <div>a</div>;\n', '</div>', '</span>'],
    ];
    for (const [path, before, old, fresh] of broken)
      it(`of ${path} that broke is told with the change`, async () => {
        await bench.put(path, before);
        const { ok, output } = await bench.call('edit', { path, old, new: fresh });
        assert.equal(ok, true);
        assert.match(
          output,
          new RegExp(`\\[${path} parsed before this change and does not any more: .+\\]$`),
        );
      });

    const fine: [path: string, content: string][] = [
      ['tsconfig.json', '{\n  // a comment\n  "a": 1,\n}\n'],
      ['.vscode/settings.json', '{ "a": 1, }\n'],
      ['deploy.yaml', 'a: {{ .Values.a }}\n'],
      ['multi.yaml', 'a: 1\n---\nb: !custom x\n'],
      ['a.js', 'export const a = <div>{x}</div>;\n'],
      ['flow.js', 'const a = (x: number) => x;\n'],
      ['a.ts', 'enum A { B }\n@dec class C { private x = <T>(y: T) => y; }\nawait x;\nreturn;\n'],
      ['a.mjs', '#!/usr/bin/env node\nimport a from "a" with { type: "json" };\n'],
      ['a.py', 'def broken(:\n'],
      ['huge.json', `{"a": [${'1,'.repeat(200_000)}}`],
    ];
    for (const [path, content] of fine)
      it(`of ${path} raises no alarm`, async () => {
        assert.doesNotMatch((await bench.call('write', { path, content })).output, /parse/);
      });

    it('that was broken before is not told again', async () => {
      await bench.put('a.json', '{ "a": \n');
      assert.doesNotMatch(
        (await bench.call('edit', { path: 'a.json', old: '"a"', new: '"b"' })).output,
        /parse/,
      );
    });

    it('of a new file that does not parse is told', async () => {
      const { output } = await bench.call('write', { path: 'a.ts', content: 'const = 1;\n' });
      assert.match(output, /\[a\.ts does not parse: Unexpected token.*\(1:6\)\]/);
    });
  });
});

function patch(path: string, ...lines: string[]): string {
  return `*** Begin Patch\n*** Update File: ${path}\n${lines.join('\n')}\n*** End Patch`;
}
