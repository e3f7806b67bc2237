import { FailureError, failureOf, type Failure } from '../../core/model/failure';

/** Primary result codes of SQLite (https://www.sqlite.org/rescode.html) that a person can do something about. */
const explanations: Record<number, { what: string; remedy: string }> = {
  5: {
    what: 'is locked by another process',
    remedy: 'Close the other program that holds it open and try again.',
  },
  6: {
    what: 'is locked by another process',
    remedy: 'Close the other program that holds it open and try again.',
  },
  8: { what: 'cannot be written', remedy: 'Check the permissions of the file and of its folder.' },
  10: {
    what: 'cannot be written or read: the disk reported an error',
    remedy: 'Check the disk, its free space and quota.',
  },
  11: {
    what: 'is corrupt',
    remedy: 'It was left as it is. Move it aside to start a new one; `sqlite3 FILE .recover` may save it.',
  },
  13: {
    what: 'cannot grow: the disk is full',
    remedy: 'Free some space and resume the run; nothing recorded before is lost.',
  },
  14: { what: 'cannot be opened', remedy: 'Check the permissions of the file and of its folder.' },
  26: {
    what: 'is not a journal (it is corrupt or another kind of file)',
    remedy: 'It was left as it is. Move it aside to start a new one.',
  },
};

/** Names what SQLite or the file system reported. What is none of theirs is a bug and becomes `unexpected`. */
export function journalFailure(error: unknown, path: string, doing: string): Failure {
  if (error instanceof FailureError) return error.failure;
  const code = sqliteCode(error);
  if (code !== undefined) {
    const known = explanations[code & 0xff];
    const detail = error instanceof Error ? error.message : String(error);
    if (known)
      return {
        kind: 'journal-failed',
        message: `The journal ${path} ${known.what} (${detail}).`,
        remedy: known.remedy,
        path,
      };
    return { kind: 'journal-failed', message: `${doing} failed in the journal ${path}: ${detail}.`, path };
  }
  if (error instanceof Error && 'syscall' in error) {
    const remedy = 'Check the permissions and the free space of that folder.';
    return { kind: 'journal-failed', message: `${doing} failed: ${error.message}.`, remedy, path };
  }
  return failureOf(error, doing);
}

/** The extended result code: its low byte is the primary one. */
function sqliteCode(error: unknown): number | undefined {
  if (!(error instanceof Error) || !('errcode' in error)) return undefined;
  return typeof error.errcode === 'number' ? error.errcode : undefined;
}

/** Whether waiting a moment may help. */
export function isBusy(error: unknown): boolean {
  const code = sqliteCode(error);
  return code !== undefined && ((code & 0xff) === 5 || (code & 0xff) === 6);
}
