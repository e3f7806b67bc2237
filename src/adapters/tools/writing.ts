import { fail, ok, type Result } from '../../base/result';
import { outsideScope } from '../../core/planning/scope';
import type { ToolOutcome } from '../../core/ports';
import { authorise, refused, type ToolScene } from './tool';
import { resolveInWorktree, type WorktreePath } from './worktreePath';

/** Resolves a path that is to be written and checks confinement, scope and policy, in this order. */
export async function writablePath(
  scene: ToolScene,
  path: string,
  verb: string,
  detail: string,
): Promise<Result<WorktreePath, ToolOutcome>> {
  const resolved = await confined(scene, 'write', path);
  if (!resolved.ok) return resolved;
  const target = resolved.value;
  if (target.relative === '.') return fail(refused(`${path} is the worktree itself, not a file.`));
  const { scope } = scene.attempt.task;
  if (outsideScope(scope, [target.relative]).length > 0) {
    return fail(
      refused(
        `${target.relative} is outside this task's scope (${scope.join(', ')}), so a change there would be refused. Leave it, and say in your summary what is needed there.`,
      ),
    );
  }
  const denied = await authorise(
    scene,
    { kind: 'write', root: scene.root, path: target.relative },
    { title: `${verb} ${target.relative}`, detail: `${verb} ${target.relative}\n\n${detail}` },
  );
  return denied ? fail(denied) : ok(target);
}

/** Resolves a path that is to be read and asks the policy. */
export async function readablePath(
  scene: ToolScene,
  path: string,
): Promise<Result<WorktreePath, ToolOutcome>> {
  const resolved = await confined(scene, 'read', path);
  if (!resolved.ok) return resolved;
  const { relative } = resolved.value;
  const denied = await authorise(
    scene,
    { kind: 'read', root: scene.root, path: relative },
    { title: `Read ${relative}`, detail: `Read ${relative}` },
  );
  return denied ? fail(denied) : resolved;
}

/** A path that leads away is refused before the policy sees it, which is as much a denial for the journal. */
async function confined(
  { attempt, root }: ToolScene,
  kind: 'read' | 'write',
  path: string,
): Promise<Result<WorktreePath, ToolOutcome>> {
  const resolved = await resolveInWorktree(root, path);
  if (resolved.ok) return resolved;
  await attempt.emit({
    type: 'policy.decided',
    taskId: attempt.task.id,
    attempt: attempt.attempt,
    subject: `${kind} ${path}`,
    decision: 'deny',
    rule: 'inside the worktree',
    reason: resolved.failure,
  });
  return fail(refused(resolved.failure));
}
