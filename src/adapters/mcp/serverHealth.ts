import type { HealthCheck } from '../../core/coordination/engine';
import { sentence } from '../../core/model/failure';
import type { Policy } from '../../core/ports';
import type { ServerBook } from './serverBook';
import type { ServerDefinition } from './serverDefinitions';
import { untrustedLine } from './untrustedText';

/** One line for each server and each broken definition; one line that says so where there is none. Starts nothing. */
export async function examineServers(
  book: ServerBook,
  policy: Policy,
  workspace: string,
): Promise<HealthCheck[]> {
  const { servers, problems } = await book.servers();
  const broken = problems.map(({ path, line, column, severity, message }): HealthCheck => ({
    name: 'MCP servers',
    status: severity,
    message: untrustedLine(`${path}:${line}:${column}: ${message}`, 500),
    remedy: 'Correct the file, or remove the entry.',
  }));
  if (servers.length === 0 && broken.length === 0)
    return [{ name: 'MCP servers', status: 'ok', message: 'none is configured' }];
  return [
    ...(await Promise.all(servers.map((server) => examined(server, book, policy, workspace)))),
    ...broken,
  ];
}

async function examined(
  server: ServerDefinition,
  book: ServerBook,
  policy: Policy,
  workspace: string,
): Promise<HealthCheck> {
  const name = `MCP server ${untrustedLine(server.name, 80)}`;
  const launch = await book.launch(server, workspace);
  if (!launch.ok)
    return {
      name,
      status: 'error',
      message: untrustedLine(`It cannot be started: ${sentence(launch.failure)}`, 500),
      remedy: `Correct its definition in ${server.source.path}.`,
    };
  const { commandLine, digest } = launch.value;
  const decided = await policy.decide({ kind: 'program', name: server.name, commandLine, digest });
  const what = untrustedLine(commandLine, 300);
  switch (decided.decision) {
    case 'allow':
      return { name, status: 'ok', message: `${what} (allowed by "${decided.rule}")` };
    case 'deny':
      return {
        name,
        status: 'warning',
        message: `${what} (denied by "${decided.rule}")`,
        remedy: 'It is not used. Change the rule in the configuration of this machine if it should be.',
      };
    case 'ask':
      return {
        name,
        status: 'warning',
        message: `${what} (not allowed yet)`,
        remedy: `The first run that needs it asks. For runs without a person name its digest under policy.programs.allow in the machine's configuration: ${digest}`,
      };
  }
}
