import * as z from 'zod';
import { fail, ok, type Result } from '../../base/result';
import type { ToolOutcome } from '../../core/ports';
import { parsePatch, type PatchOperation } from './patchFormat';
import { applyHunks } from './patchHunks';
import { brokenSyntax } from './syntaxCheck';
import { readText, removeFile, writeText, type TextFile } from './textFile';
import { defineTool, done, refused, type ToolScene } from './tool';
import type { WorktreePath } from './worktreePath';
import { writablePath } from './writing';

export const applyPatch = defineTool({
  name: 'apply_patch',
  description:
    'Applies a patch to one or more files, all of it or nothing. Format: "*** Begin Patch", then for each file "*** Update File: path" (optionally "*** Move to: path") with hunks of lines that begin with a space (context), - or +, each hunk after an optional "@@ line above it"; "*** Add File: path" with + lines; "*** Delete File: path"; at last "*** End Patch".',
  schema: z.object({ patch: z.string().min(1) }),
  summary: ({ patch }) => `patch ${pathsIn(patch).slice(0, 3).join(', ')}`,
  run: async ({ patch }, scene) => {
    const operations = parsePatch(patch);
    if (!operations.ok) return refused(`${operations.failure} Nothing was changed.`);
    const steps: Step[] = [];
    for (const operation of operations.value) {
      const planned = await plan(scene, operation, patch);
      if (!planned.ok)
        return { ...planned.failure, output: `${planned.failure.output}\nNothing was changed.` };
      steps.push(...planned.value);
    }
    const twice = steps.find(
      (step, at) => steps.findIndex((other) => other.path.absolute === step.path.absolute) < at,
    );
    if (twice)
      return refused(
        `The patch names ${twice.path.relative} more than once. Join its hunks. Nothing was changed.`,
      );
    for (const step of steps) await perform(scene, step);
    const told = steps.map((step) => `${step.label} ${step.path.relative}`);
    for (const { path, text, like } of steps) {
      const broken = text === undefined ? undefined : await brokenSyntax(path.relative, like?.text, text);
      if (broken !== undefined) told.push(broken);
    }
    return done(told.join('\n'));
  },
});

/** One change of one file, decided and checked; `text` absent means that the file goes. */
interface Step {
  readonly label: string;
  readonly path: WorktreePath;
  readonly text?: string;
  readonly like?: TextFile;
}

async function plan(
  scene: ToolScene,
  operation: PatchOperation,
  patch: string,
): Promise<Result<Step[], ToolOutcome>> {
  const target = await writablePath(scene, operation.path, `Patch`, patch);
  if (!target.ok) return target;
  const path = target.value;
  const file = await readText(path);
  if (operation.kind === 'add') {
    if (file !== 'missing') return fail(refused(`${path.relative} exists already; use "*** Update File".`));
    return ok([{ label: 'Added', path, text: operation.content }]);
  }
  if (file === 'missing') return fail(refused(`${path.relative} does not exist.`));
  if (!file.ok) return fail(refused(file.failure));
  if (scene.record.knows(path.absolute, file.value.digest) === 'changed') {
    return fail(refused(`${path.relative} has changed since you read it. Read it again first.`));
  }
  if (operation.kind === 'delete') return ok([{ label: 'Deleted', path }]);
  const text = applyHunks(path.relative, file.value.text, operation.hunks);
  if (!text.ok) return fail(refused(text.failure));
  const changed = { label: 'Updated', path, text: text.value, like: file.value };
  return operation.moveTo === undefined ? ok([changed]) : moved(scene, operation.moveTo, changed, patch);
}

async function moved(
  scene: ToolScene,
  moveTo: string,
  changed: Step,
  patch: string,
): Promise<Result<Step[], ToolOutcome>> {
  const target = await writablePath(scene, moveTo, 'Patch', patch);
  if (!target.ok) return target;
  if (target.value.absolute === changed.path.absolute) return ok([changed]);
  if ((await readText(target.value)) !== 'missing')
    return fail(refused(`${target.value.relative} exists already.`));
  return ok([
    { ...changed, label: 'Moved to', path: target.value },
    { label: 'Removed', path: changed.path },
  ]);
}

async function perform(scene: ToolScene, { path, text, like }: Step): Promise<void> {
  if (text === undefined) {
    await removeFile(path);
    scene.record.forget(path.absolute);
    return;
  }
  scene.record.note(path.absolute, await writeText(path, text, like));
}

function pathsIn(patch: unknown): string[] {
  return typeof patch === 'string'
    ? [...patch.matchAll(/^\*\*\* \w+ File: (.+?)\s*$/gm)].map((match) => match[1] ?? '')
    : [];
}
