import type { Failure } from '../../core/model/failure';
import type { Result } from '../../base/result';

/** What delivering needs of the engine's git store; it is handed in where the parts are composed. */
export interface DeliveryStore {
  /** An empty folder for each call, to be removed by the caller. */
  scratch(): Promise<string>;
  entries(from: string, to: string): Promise<Result<ChangedEntry[], Failure>>;
  /** Writes files of a commit, as they stand in a checkout, into a folder. */
  exportFiles(commit: string, paths: readonly string[], folder: string): Promise<Result<void, Failure>>;
  /** Which of these paths git would call changed against a commit, line ends and encodings considered. */
  unlike(commit: string, root: string, paths: readonly string[]): Promise<Result<string[], Failure>>;
  rescueRef(runId: string): string;
  /** What the delivery of a run replaced; undefined when none is in effect. */
  saved(runId: string): Promise<Result<Saved | undefined, Failure>>;
  /** Keeps exact bytes, in the place of what was saved before for the run; that stays reachable, too. */
  save(runId: string, saved: Saved): Promise<Result<void, Failure>>;
  /** The delivery of the run is not in effect any more; its saved bytes stay reachable. */
  retire(runId: string): Promise<Result<void, Failure>>;
  wasRetired(runId: string): Promise<Result<boolean, Failure>>;
}

export interface ChangedEntry {
  readonly path: string;
  /** Mode as git writes it: `100644`, `100755`, `120000` (link), `160000` (submodule). */
  readonly before?: { readonly mode: string };
  readonly after?: { readonly mode: string };
}

export interface SavedFile {
  readonly path: string;
  readonly mode: string;
  /** Of a link: its target. */
  readonly bytes: Uint8Array;
}

export interface Saved {
  readonly from: string;
  readonly to: string;
  /** All paths of the delivery; one without a file was not there. */
  readonly paths: readonly string[];
  readonly files: readonly SavedFile[];
}
