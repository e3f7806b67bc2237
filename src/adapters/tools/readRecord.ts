/** Which files the agent knows, by the digest of the content it saw: what changed since must be read again. */
export class ReadRecord {
  private readonly seen = new Map<string, string>();

  note(path: string, digest: string): void {
    this.seen.set(path, digest);
  }

  forget(path: string): void {
    this.seen.delete(path);
  }

  knows(path: string, digest: string): 'current' | 'changed' | 'unread' {
    const known = this.seen.get(path);
    return known === undefined ? 'unread' : known === digest ? 'current' : 'changed';
  }
}
