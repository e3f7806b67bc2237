/** The line for a Node that is too old for `node:sqlite`; checked before anything that needs more is loaded. */
export function nodeVersionProblem(version: string): string | undefined {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  if (major > 22 || (major === 22 && minor >= 13)) return undefined;
  return `enterprise needs Node 22.13 or newer; this is Node ${version}. Install it from https://nodejs.org`;
}
