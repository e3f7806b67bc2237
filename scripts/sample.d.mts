/** Copies test/fixtures/sample to a temporary folder, gives it a history and its dependencies; resolves to its path. */
export function createSample(env: NodeJS.ProcessEnv): Promise<string>;
