/** What planning knows of a repository: facts read from the base commit, bounded, nothing judged. */
export interface RepositoryDigest {
  /** Number of tracked files. */
  readonly files: number;
  /** Languages by number of files, most first. */
  readonly languages: readonly { readonly language: string; readonly files: number }[];
  /** Folders of the first two levels with the number of files under them, as `src/core/ (41 files)`. */
  readonly layout: readonly string[];
  /** Manifests and configuration files at the root: `package.json`, `tsconfig.json` ... */
  readonly manifests: readonly string[];
  /** Scripts the repository declares. */
  readonly scripts: readonly { readonly name: string; readonly command: string }[];
  /** Files written for agents and contributors (`AGENTS.md`, `CLAUDE.md` ...), cut to a bounded length. */
  readonly instructions: readonly { readonly path: string; readonly text: string }[];
  /** Subjects of the latest commits, newest first. */
  readonly recentHistory: readonly string[];
}

/** The digest as a person or a model reads it. Instructions files are left to whoever needs their text. */
export function digestText(digest: RepositoryDigest): string {
  const languages =
    digest.languages.map(({ language, files }) => `${language} ${files}`).join(', ') || 'none recognised';
  const scripts = digest.scripts.map(({ name, command }) => `- ${name}: ${command}`);
  return [
    `Tracked files: ${digest.files}. Languages (files): ${languages}.`,
    section(
      'Layout',
      digest.layout.map((line) => `- ${line}`),
    ),
    section('Manifests and configuration', digest.manifests.length > 0 ? [digest.manifests.join(', ')] : []),
    section('Scripts', scripts),
    section(
      'Latest commits',
      digest.recentHistory.map((line) => `- ${line}`),
    ),
  ]
    .filter((part) => part !== '')
    .join('\n\n');
}

function section(title: string, lines: readonly string[]): string {
  return lines.length === 0 ? '' : `${title}:\n${lines.join('\n')}`;
}
