import type { Workspace } from '../../src/core/ports';
import type { Failure } from '../../src/core/model/failure';
import { fail, ok, type Result } from '../../src/base/result';
import { differingPaths, type FakeRepository } from './fakeRepository';

/** A person's checkout in memory that behaves as `workspace.contract.ts` says. */
export interface FakeWorkspace {
  readonly workspace: Workspace;
  /** Tests change it as a person would. */
  readonly files: Map<string, string>;
  readonly unsaved: Set<string>;
}

type Kind = 'delivery-refused' | 'undo-refused';

/** Begins as the base of the repository. */
export function createFakeWorkspace(repository: FakeRepository): FakeWorkspace {
  const files = new Map(repository.base.files);
  const unsaved = new Set<string>();
  const delivered = new Map<
    string,
    { from: string; to: string; originals: Map<string, string | undefined> }
  >();
  const undone = new Set<string>();
  const answer = <T>(result: Result<T, Failure>) => Promise.resolve(result);

  const blocked = (from: string, to: string, expected: 'before' | 'after') =>
    differingPaths(repository.get(from).files, repository.get(to).files).filter((path) => {
      const [before, after] = [repository.get(from).files.get(path), repository.get(to).files.get(path)];
      const current = files.get(path);
      if (current !== before && current !== after) return true;
      return unsaved.has(path) && current === (expected === 'before' ? before : after);
    });
  const put = (path: string, text: string | undefined) =>
    text === undefined ? files.delete(path) : files.set(path, text);

  const check = (from: string, to: string): Result<void, Failure> => {
    const paths = blocked(from, to, 'before');
    return paths.length > 0 ? refusal('delivery-refused', paths) : ok(undefined);
  };
  const deliver = (runId: string, from: string, to: string): Result<{ paths: string[] }, Failure> => {
    const checked = check(from, to);
    if (!checked.ok) return checked;
    const paths = differingPaths(repository.get(from).files, repository.get(to).files);
    if (delivered.get(runId)?.to !== to) {
      delivered.set(runId, { from, to, originals: new Map(paths.map((path) => [path, files.get(path)])) });
    }
    for (const path of paths) put(path, repository.get(to).files.get(path));
    return ok({ paths });
  };
  const undo = (runId: string, from: string, to: string): Result<{ paths: string[] }, Failure> => {
    const delivery = delivered.get(runId);
    if (!delivery) {
      const paths = differingPaths(repository.get(from).files, repository.get(to).files);
      return undone.has(runId) ? ok({ paths }) : refusal('undo-refused', []);
    }
    const paths = blocked(delivery.from, delivery.to, 'after');
    if (paths.length > 0) return refusal('undo-refused', paths);
    for (const [path, text] of delivery.originals) put(path, text);
    delivered.delete(runId);
    undone.add(runId);
    return ok({ paths: [...delivery.originals.keys()] });
  };
  return {
    files,
    unsaved,
    workspace: {
      check: (from, to) => answer(check(from, to)),
      deliver: (runId, from, to) => answer(deliver(runId, from, to)),
      undo: (runId, from, to) => answer(undo(runId, from, to)),
      rescueRef: (runId) => `refs/enterprise/rescue/${runId}/_delivery/1`,
    },
  };
}

function refusal(kind: Kind, paths: readonly string[]): Result<never, Failure> {
  const message = paths.length > 0 ? `${paths.join(', ')}: local changes.` : 'Nothing was delivered.';
  return fail({ kind, message, paths: [...paths] });
}
