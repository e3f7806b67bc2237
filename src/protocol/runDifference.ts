import type { RunDetail } from './runModel';
import type { Update } from './webviewMessages';

/** What a webview that has `previous` needs to show `next` of the same run; undefined when nothing changed. */
export function runDifference(
  previous: RunDetail,
  next: RunDetail,
): NonNullable<Update['changed']> | undefined {
  const { activity, ...sections } = next;
  const changed: Record<string, unknown> = {};
  for (const [name, section] of Object.entries(sections)) {
    const before = previous[name as keyof typeof sections];
    if (before !== section && JSON.stringify(before) !== JSON.stringify(section)) changed[name] = section;
  }
  const seen = previous.activity.at(-1)?.seq ?? 0;
  const lines = activity.filter((line) => line.seq > seen);
  if (Object.keys(changed).length === 0 && lines.length === 0) return undefined;
  return { runId: next.item.runId, sections: changed, activity: lines };
}
