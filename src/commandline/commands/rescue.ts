import { join, resolve } from 'node:path';
import type { Command } from 'commander';
import type { RescuedFile, RescueEntry, Restored } from '../../core/coordination/rescue';
import { plural } from '../../core/insight/wording';
import type { CommandContext } from '../context';
import { exitCodes } from '../exitCode';
import { withCommonOptions, type CommonOptions } from '../options';
import { textTable } from '../textTable';
import { complainOf, withEngine } from '../withEngine';

export function addRescue(program: Command, context: CommandContext, done: (code: number) => void): void {
  const rescue = program
    .command('rescue')
    .description('what is kept of runs apart from their results, and how to get it back');
  const list = rescue
    .command('list', { isDefault: true })
    .description('everything that is kept, newest first');
  withCommonOptions(list).action(async (options: CommonOptions) => done(await listAll(context, options)));
  const show = rescue
    .command('show')
    .description('the files of one entry, and how they differ from where its work began')
    .argument('<id>', 'as `enterprise rescue` names it, or the beginning of it');
  withCommonOptions(show).action(async (id: string, options: CommonOptions) =>
    done(await showOne(context, id, options)),
  );
  const restore = rescue
    .command('restore')
    .description('write the files of one entry into a new folder; nothing is ever replaced')
    .argument('<id>', 'as `enterprise rescue` names it, or the beginning of it')
    .argument('[paths...]', 'files or folders (default: everything that differs)')
    .option('--to <dir>', 'the folder; one that is there is added to (default: a new one, here)');
  withCommonOptions(restore).action(async (id: string, paths: string[], options: RestoreOptions) =>
    done(await restoreOne(context, id, paths, options)),
  );
}

type RestoreOptions = CommonOptions & { readonly to?: string };

function listAll(context: CommandContext, options: CommonOptions): Promise<number> {
  const { terminal } = context;
  return withEngine(context, options, async (engine) => {
    const kept = await engine.rescue.list();
    if (!kept.ok) return complainOf(context, kept.failure);
    if (options.json) for (const entry of kept.value) terminal.print(JSON.stringify(entry));
    else if (kept.value.length === 0)
      terminal.print('Nothing is kept: no run here has written anything yet.');
    else {
      const headers = ['ID', 'KEPT (UTC)', 'FILES', 'IN THE RESULT', 'WHAT'];
      terminal.print(textTable(headers, kept.value.map(rowOf), terminal.size().width));
      terminal.print('Look into one: enterprise rescue show ID   Get it back: enterprise rescue restore ID');
    }
    return exitCodes.success;
  });
}

function rowOf({ id, keptAt, files, isInResult, why }: RescueEntry): string[] {
  const at = new Date(keptAt).toISOString().slice(0, 16).replace('T', ' ');
  return [id, at, String(files), isInResult ? 'yes' : 'no', why];
}

function showOne(context: CommandContext, id: string, options: CommonOptions): Promise<number> {
  const { terminal } = context;
  return withEngine(context, options, async (engine) => {
    const shown = await engine.rescue.show(id);
    if (!shown.ok) return complainOf(context, shown.failure);
    const { entry, files } = shown.value;
    if (options.json) {
      terminal.print(JSON.stringify({ ...entry, files }));
      return exitCodes.success;
    }
    terminal.print(`${entry.id}: ${printable(entry.why)} (${plural(files.length, 'file')})`);
    if (entry.kind === 'delivery' || entry.kind === 'undone')
      terminal.print('These stood in the checkout before the delivery changed them:');
    for (const file of files) terminal.print(`  ${lineOf(file)}`);
    return exitCodes.success;
  });
}

const signs: Record<RescuedFile['change'], string> = { added: '+', modified: '~', deleted: '−' };

function lineOf({ path, change, bytes, kind }: RescuedFile): string {
  const what = kind === null || kind === 'file' ? '' : `, ${kind}`;
  const size = bytes === null ? 'nothing to restore' : `${bytes} bytes`;
  return `${signs[change]} ${printable(path)}  ${change}, ${size}${what}`;
}

/** A name may hold anything, also what moves a terminal's cursor. */
function printable(path: string): string {
  return /[\p{Cc}\p{Cf}]/u.test(path) ? JSON.stringify(path).replace(/[\u007f-\u009f\p{Cf}]/gu, '?') : path;
}

function restoreOne(
  context: CommandContext,
  id: string,
  paths: readonly string[],
  options: RestoreOptions,
): Promise<number> {
  const { terminal } = context;
  return withEngine(context, options, async (engine) => {
    const shown = await engine.rescue.show(id);
    if (!shown.ok) return complainOf(context, shown.failure);
    const isNew = options.to === undefined;
    const folder = options.to ?? join(context.folder, `rescued-${shown.value.entry.id.replaceAll('/', '-')}`);
    const request = { folder: resolve(context.folder, folder), isNew, paths };
    const restored = await engine.rescue.restore(shown.value.entry.id, request);
    if (!restored.ok) return complainOf(context, restored.failure);
    terminal.print(options.json ? JSON.stringify(restored.value) : sentenceOf(restored.value));
    return exitCodes.success;
  });
}

function sentenceOf({ folder, files, leftOut }: Restored): string {
  const skipped = leftOut.length > 0 ? ` Left out, being submodules: ${leftOut.join(', ')}.` : '';
  if (files.length === 0) return `There is nothing to write: no file is kept that differs.${skipped}`;
  return `Restored ${plural(files.length, 'file')} into ${folder}.${skipped}`;
}
