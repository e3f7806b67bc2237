import assert from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';
import { createModelProvider } from '../../../../src/adapters/models/modelProvider';
import { recordedCall } from '../../../../src/core/coordination/recordedCall';
import { ServicePaces } from '../../../../src/core/coordination/servicePaces';
import type { NewEvent } from '../../../../src/core/model/event';
import { startAnthropicServer } from '../../../support/anthropicServer';
import { HastyClock } from '../../../support/hastyClock';
import type { ModelScript } from '../../../support/modelScript';
import { startOpenAiServer } from '../../../support/openaiServer';
import type { ScriptedServer } from '../../../support/scriptedServer';

const places = 4;
const agents = 20;
const steps = 5;

/** A service with few places, over the wire: what it refuses, it refuses as the real one does. */
const kinds: [string, string, (script: ModelScript) => Promise<ScriptedServer>, number][] = [
  ['429 of a compatible service', 'openai-compatible/any', startOpenAiServer, 429],
  ['529 of Anthropic', 'anthropic/any', startAnthropicServer, 529],
];

for (const [name, model, start, status] of kinds) {
  describe(`a service that answers ${name} to all but ${places} calls at once`, () => {
    it(`answers ${agents} agents, and refuses hardly anybody once its limit is known`, async () => {
      let busy = 0;
      const refusals: boolean[] = [];
      const server = await start(async () => {
        const isFull = busy >= places;
        refusals.push(isFull);
        if (isFull) return { status, headers: { 'retry-after': '1' } };
        busy++;
        await delay(5);
        busy--;
        return { text: 'Done.' };
      });
      try {
        const provider = createModelProvider({ baseUrl: server.baseUrl, apiKey: 'k', environment: {} });
        const clock = new HastyClock();
        const events: NewEvent[] = [];
        let ids = 0;
        const paces = new ServicePaces(clock, () => 0.5);
        const deps = { provider, clock, random: () => 0.5, newId: () => `id${++ids}`, paces };
        const request = () => ({ system: '', messages: [{ role: 'user' as const, text: 'T' }], tools: [] });
        const emit = (event: NewEvent) => Promise.resolve(void events.push(event));
        const attempts = Array.from({ length: agents }, async (_, agent) => {
          for (let step = 1; step <= steps; step++) {
            const call = { model, step, taskId: `t${agent}`, attempt: 1, request, emit };
            const answered = await recordedCall(call, deps, new AbortController().signal);
            assert(answered.ok, JSON.stringify(answered));
          }
        });
        await Promise.all(attempts);
      } finally {
        await server.close();
      }
      assert.equal(refusals.filter((isRefused) => !isRefused).length, agents * steps);
      const late = refusals.slice(-60).filter(Boolean).length;
      assert(refusals.filter(Boolean).length <= 35, `${refusals.filter(Boolean).length} refused`);
      assert(late <= 4, `${late} refused of the last 60`);
    });
  });
}
