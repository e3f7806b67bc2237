/** Rules on the text of any file of the repository. */

export interface TextFile {
  /** From the top of the repository, with `/`. */
  readonly path: string;
  readonly text: string;
}

/** Names in examples that are nobody's. */
const exampleUsers = 'user|me|you|someone|somebody|person|sam|dev|example|ada|[a-z]';

// The leading slash is added here, or this file would break its own rule.
const machineFolders = ['root/', 'work/', `home/(?!(?:${exampleUsers})\\b)\\w`];
const machinePath = new RegExp(`(?<![\\w.~})*-])/(?:${machineFolders.join('|')})`);
const privateHost = /https?:\/\/(?:[\w-]+\.)+(?:internal|intranet|corp|lan|local)\b/;

/** Nothing may depend on, or tell about, the machine it was written on. */
export function noMachine(files: readonly TextFile[]): string[] {
  return files.flatMap(({ path, text }) =>
    text.split('\n').flatMap((line, index) => {
      const found = machinePath.exec(line) ?? privateHost.exec(line);
      return found === null ? [] : [`${path}:${index + 1} names ${found[0]}`];
    }),
  );
}

/** A lockfile may name the public registry or nothing: npm then uses the configured one. */
export function publicRegistry(files: readonly TextFile[]): string[] {
  return files
    .filter(({ path }) => path.endsWith('package-lock.json'))
    .flatMap(({ path, text }) =>
      [...text.matchAll(/"resolved": "([^"]+)"/g)]
        .map(([, address = '']) => address)
        .filter((address) => !address.startsWith('https://registry.npmjs.org/'))
        .map((address) => `${path} names ${address}`),
    );
}

/** The map in src/README.md has every folder: those of `src`, and one level deeper in `core` and `adapters`. */
export function foldersOnMap(folders: readonly string[], map: string): string[] {
  return folders
    .filter((folder) => /^src\/(?:[^/]+|(?:core|adapters)\/[^/]+)$/.test(folder))
    .map((folder) => folder.replace(/^src\//, '').replace(/^adapters\//, ''))
    .filter((name) => name !== 'core' && !map.includes(`\`${name}/\``))
    .map((name) => `src/README.md does not mention ${name}/`);
}
