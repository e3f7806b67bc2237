import assert from 'node:assert/strict';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createGateRunner } from '../../../../src/adapters/gates/gateRunner';
import { temporaryTree, type TemporaryTree } from '../../../support/temporaryTree';

const lockfile = {
  name: 'sample',
  version: '1.0.0',
  lockfileVersion: 3,
  requires: true,
  packages: {
    '': { name: 'sample', version: '1.0.0', dependencies: { left: '1.0.0' } },
    'node_modules/left': { version: '1.0.0', resolved: 'http://127.0.0.1:9/left.tgz' },
  },
};

/** A registry that answers everything with one status. */
async function registry(status: number): Promise<Server> {
  const server = createServer((_request, response) =>
    response.writeHead(status, { 'content-type': 'application/json' }).end('{}'),
  );
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return server;
}

describe('The dependency audit', function () {
  this.timeout(60_000);
  let tree: TemporaryTree;
  let server: Server;
  afterEach(() => {
    tree.dispose();
    server.closeAllConnections();
    server.close();
  });

  const audit = async (status: number) => {
    server = await registry(status);
    const { port } = server.address() as AddressInfo;
    tree = temporaryTree({
      'package.json': JSON.stringify({ name: 'sample', version: '1.0.0', dependencies: { left: '1.0.0' } }),
      'package-lock.json': JSON.stringify(lockfile),
      '.npmrc': `registry=http://127.0.0.1:${port}/\nfetch-retries=0\n`,
    });
    const runner = createGateRunner({ secretsChild: [] });
    return runner.run(
      'audit',
      { runId: 'run-1', path: tree.path, changed: undefined },
      new AbortController().signal,
    );
  };

  it('does not apply where the registry has no such service', async () => {
    const result = await audit(405);
    assert.equal(result.verdict, 'skipped');
    assert.match(result.reason, /^The registry offers no audit: 405/);
  });

  it('is inconclusive where the service is broken', async () => {
    assert.equal((await audit(500)).verdict, 'inconclusive');
  });
});
