import { basename, extname } from 'node:path';

export interface LanguageRow {
  readonly language: string;
  readonly files: number;
  readonly lines: number;
}

const byEnding: Readonly<Record<string, string>> = {
  ts: 'TypeScript',
  mts: 'TypeScript',
  cts: 'TypeScript',
  tsx: 'TypeScript (JSX)',
  js: 'JavaScript',
  mjs: 'JavaScript',
  cjs: 'JavaScript',
  jsx: 'JavaScript (JSX)',
  vue: 'Vue',
  svelte: 'Svelte',
  astro: 'Astro',
  html: 'HTML',
  htm: 'HTML',
  css: 'CSS',
  scss: 'SCSS',
  sass: 'Sass',
  less: 'Less',
  json: 'JSON',
  jsonc: 'JSON',
  json5: 'JSON',
  yml: 'YAML',
  yaml: 'YAML',
  toml: 'TOML',
  xml: 'XML',
  ini: 'INI',
  md: 'Markdown',
  mdx: 'MDX',
  markdown: 'Markdown',
  rst: 'reStructuredText',
  adoc: 'AsciiDoc',
  txt: 'Text',
  py: 'Python',
  pyi: 'Python',
  rb: 'Ruby',
  go: 'Go',
  rs: 'Rust',
  java: 'Java',
  kt: 'Kotlin',
  kts: 'Kotlin',
  scala: 'Scala',
  c: 'C',
  h: 'C header',
  cc: 'C++',
  cpp: 'C++',
  cxx: 'C++',
  hpp: 'C++ header',
  hh: 'C++ header',
  cs: 'C#',
  fs: 'F#',
  vb: 'Visual Basic',
  swift: 'Swift',
  m: 'Objective-C',
  mm: 'Objective-C++',
  php: 'PHP',
  pl: 'Perl',
  pm: 'Perl',
  lua: 'Lua',
  r: 'R',
  jl: 'Julia',
  dart: 'Dart',
  ex: 'Elixir',
  exs: 'Elixir',
  erl: 'Erlang',
  hrl: 'Erlang',
  hs: 'Haskell',
  ml: 'OCaml',
  mli: 'OCaml',
  clj: 'Clojure',
  elm: 'Elm',
  zig: 'Zig',
  nim: 'Nim',
  sh: 'Shell',
  bash: 'Shell',
  zsh: 'Shell',
  fish: 'Shell',
  ps1: 'PowerShell',
  bat: 'Batch',
  cmd: 'Batch',
  sql: 'SQL',
  graphql: 'GraphQL',
  gql: 'GraphQL',
  proto: 'Protocol Buffers',
  tf: 'Terraform',
  nix: 'Nix',
  cmake: 'CMake',
  svg: 'SVG',
  wasm: 'WebAssembly',
  wat: 'WebAssembly',
};

const byName: Readonly<Record<string, string>> = {
  Makefile: 'Makefile',
  Dockerfile: 'Dockerfile',
  'CMakeLists.txt': 'CMake',
  Rakefile: 'Ruby',
  Gemfile: 'Ruby',
};

/** By name only; undefined for what is no text anybody writes in a language. */
export function languageOf(path: string): string | undefined {
  return byName[basename(path)] ?? byEnding[extname(path).slice(1).toLowerCase()];
}

/** Most lines first. */
export function languageTable(
  files: readonly { readonly path: string; readonly lines: number }[],
): LanguageRow[] {
  const rows = new Map<string, { files: number; lines: number }>();
  for (const { path, lines } of files) {
    const language = languageOf(path);
    if (language === undefined) continue;
    const row = rows.get(language) ?? { files: 0, lines: 0 };
    rows.set(language, { files: row.files + 1, lines: row.lines + lines });
  }
  return [...rows]
    .map(([language, row]) => ({ language, ...row }))
    .sort((a, b) => b.lines - a.lines || (a.language < b.language ? -1 : 1));
}
