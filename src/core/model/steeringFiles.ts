/**
 * Whether a file steers agents, editors, hooks or the machines that build: a change to one of them is a person's decision
 * (laws L1 and L4), at whatever depth it stands, since a workspace may be any folder of a repository.
 * @param path relative to the root of the repository, with `/`
 * @returns what it decides, in words; undefined for any other file
 */
export function steeredBy(path: string): string | undefined {
  const name = `/${path.split('/').map(plainName).join('/')}/`;
  return guards.find(([pattern]) => pattern.test(name))?.[1];
}

/**
 * A file's name as the most careless file system would read it: without case, widths, invisible characters, trailing
 * dots and blanks, or the name of a stream.
 */
export function plainName(name: string): string {
  return name
    .normalize('NFKC')
    .replace(/[\p{Cf}\p{Cc}]/gu, '')
    .toLowerCase()
    .replace(/(?<=.):.*$/, '')
    .replace(/[. ]+$/, '');
}

/** Of a path in plain names between slashes. */
const guards: readonly [RegExp, string][] = [
  [/\/\.enterprise\//, 'the engine’s configuration'],
  [
    /\/\.(claude|agents|copilot)\/|\/\.github\/(agents|chatmodes|prompts|instructions|skills)\/|\/\.mcp\.json\//,
    'agents and their tools',
  ],
  [
    /\/(agents|claude|gemini|copilot-instructions)\.md\/|\/\.(cursor|cursorrules|windsurfrules|gemini|codex)\//,
    'what agents are told',
  ],
  [
    /\/\.(vscode|devcontainer|idea|husky|githooks|zed)\/|\/\.devcontainer\.json\/|\.code-workspace\//,
    'settings that run programs',
  ],
  [
    /\/\.(gitattributes|gitmodules|gitconfig)\/|\/(\.?lefthook|\.pre-commit-config)\.(ya?ml|toml|json)\//,
    'what git runs',
  ],
  [
    /\/\.github\/(workflows|actions)\/|\/\.(circleci|buildkite|gitea|forgejo|woodpecker|ci)\/|\/(\.gitlab-ci|\.travis|\.drone|\.woodpecker|azure-pipelines|bitbucket-pipelines|appveyor|cloudbuild)\.ya?ml\/|\/jenkinsfile\//,
    'what build machines run',
  ],
  [
    /\/\.(npmrc|yarnrc|yarnrc\.yml|pnpmfile\.cjs|envrc|bashrc|profile|bash_profile|zshrc|tool-versions)\/|\/(mise|\.mise)\.toml\//,
    'what runs before a program',
  ],
];
