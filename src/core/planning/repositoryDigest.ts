import * as z from 'zod';

/** What planning knows of a repository: facts read from the base commit, bounded, nothing judged. */
export const repositoryDigestSchema = z.object({
  /** Number of tracked files. */
  files: z.number().int().nonnegative(),
  /** Languages by number of files, most first. */
  languages: z.array(z.object({ language: z.string(), files: z.number().int().nonnegative() })),
  /** Folders of the first two levels with the number of files under them, as `src/core/ (41 files)`. */
  layout: z.array(z.string()),
  /** Manifests and configuration files at the root: `package.json`, `tsconfig.json` ... */
  manifests: z.array(z.string()),
  /** Scripts the repository declares. */
  scripts: z.array(z.object({ name: z.string(), command: z.string() })),
  /** Files written for agents and contributors (`AGENTS.md`, `CLAUDE.md`, `CONTRIBUTING.md` ...), cut to a bounded length. */
  instructions: z.array(z.object({ path: z.string(), text: z.string() })),
  /** Subjects of the latest commits, newest first. */
  recentHistory: z.array(z.string()),
});
export type RepositoryDigest = z.infer<typeof repositoryDigestSchema>;

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
