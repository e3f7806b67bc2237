import type { Result } from '../../base/result';
import type { Failure } from '../model/failure';

/** What is kept of a run apart from its result, and how a person gets it back. */

export interface RescueEntry {
  /** Names it in every command: `<run>/<task>/<number>`, for a delivery `<run>/_delivery/1`. */
  readonly id: string;
  readonly runId: string;
  /** Absent for what a delivery replaced. */
  readonly taskId?: string;
  /**
   * `work`: a state of a task's worktree. `commit`: one the agent made itself, or stashed. `delivery`: what the delivery
   * in effect replaced in the checkout. `undone`: the same of one that was taken back or made anew.
   */
  readonly kind: 'work' | 'commit' | 'delivery' | 'undone';
  /** ISO 8601. */
  readonly keptAt: string;
  /** One line: what it is, and why it was kept where that is known. */
  readonly why: string;
  /** True where the run's result holds this work, too. */
  readonly isInResult: boolean;
  /** Files that differ from where the work began, or that the delivery touched. */
  readonly files: number;
}

export interface RescuedFile {
  readonly path: string;
  /** Against where the work began; for a delivery, what it did to the file. */
  readonly change: 'added' | 'modified' | 'deleted';
  /** Of what is kept; null where nothing is (a deleted file, or one that a delivery added). */
  readonly bytes: number | null;
  readonly kind: 'file' | 'executable' | 'link' | 'submodule' | null;
}

export interface RestoreRequest {
  /** Absolute path of the folder to write into. */
  readonly folder: string;
  /** True: the folder must not be there yet. */
  readonly isNew: boolean;
  /** Files or folders, as the entry names them; none: everything that differs. */
  readonly paths: readonly string[];
}

export interface Restored {
  readonly folder: string;
  readonly files: readonly string[];
  /** What is kept but is no file: submodules. */
  readonly leftOut: readonly string[];
}

export interface Rescue {
  /** Newest first. */
  list(): Promise<Result<RescueEntry[], Failure>>;
  /** @param id an entry's, or an unambiguous beginning of it */
  show(id: string): Promise<Result<{ entry: RescueEntry; files: RescuedFile[] }, Failure>>;
  /**
   * Writes files into a folder, with their exact bytes, whether they can be executed, and links as links. Nothing that is
   * there is replaced and no link is followed: then nothing is written, and the failure names what stands in the way.
   */
  restore(id: string, request: RestoreRequest): Promise<Result<Restored, Failure>>;
}
