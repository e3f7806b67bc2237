import type { Frame, Page } from 'playwright-core';
import { eventually } from '../eventually';

/** A panel that hears late, as on a machine that is very busy: what the host tells it waits until it is let through. */
export interface SlowPanel {
  /** Waits until the host has refused something. */
  refused(): Promise<void>;
  /** What came meanwhile arrives, in its order. */
  catchUp(): Promise<void>;
}

/** To be called before the panel opens. Listeners come after. */
export async function prepareSlowness(page: Page): Promise<void> {
  await page.addInitScript(`
    if (window !== window.top) {
      const listen = window.addEventListener.bind(window);
      globalThis.late = { isSlow: false, waiting: [] };
      window.addEventListener = (type, listener, ...rest) =>
        listen(type, type !== 'message' ? listener : (event) => {
          if (late.isSlow) late.waiting.push(() => listener(event), event.data);
          else listener(event);
        }, ...rest);
    }`);
}

export async function slowDown(panel: Frame): Promise<SlowPanel> {
  await panel.evaluate(`late.isSlow = true`);
  return {
    refused: async () => {
      const isRefused = `late.waiting.some(({ type, level }) => type === 'notice' && level === 'error') || undefined`;
      await eventually(() => panel.evaluate<boolean | undefined>(isRefused));
    },
    catchUp: () =>
      panel.evaluate(`
        late.isSlow = false;
        for (const item of late.waiting) if (typeof item === 'function') item();`),
  };
}
