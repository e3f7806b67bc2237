import assert from 'node:assert/strict';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { StallWatch } from '../../../../src/adapters/models/stallWatch';

describe('StallWatch', () => {
  it('takes what arrives after it was stopped for nothing, so that no timer keeps the program from ending', async () => {
    let answer: ServerResponse | undefined;
    const server = createServer((_request, response) => {
      answer = response;
      response.write('first');
    });
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
    const timers = () => process.getActiveResourcesInfo().filter((kind) => kind === 'Timeout').length;
    try {
      const watch = new StallWatch(60_000);
      const { port } = server.address() as AddressInfo;
      const response = await watch.fetch(`http://127.0.0.1:${port}/`, { method: 'POST', body: '{}' });
      const reader = response.body?.getReader();
      assert.equal(Buffer.from((await reader?.read())?.value ?? []).toString(), 'first');
      watch.stop();
      const before = timers();
      answer?.end('late');
      assert.equal(Buffer.from((await reader?.read())?.value ?? []).toString(), 'late');
      assert.ok(timers() <= before, 'no new timer');
    } finally {
      server.closeAllConnections();
      server.close();
    }
  });
});
