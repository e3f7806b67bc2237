import type { Engine } from '../core/coordination/engine';
import { buildReport } from '../core/insight/buildReport';
import type { RunView } from '../core/model/run';
import type { CommandContext } from './context';
import { EventFeed, plainLine } from './eventFeed';
import { exitCodeOf, exitCodes } from './exitCode';
import { renderMonitor } from './monitor/renderMonitor';
import { renderSummary } from './renderSummary';
import { describeFailure, failureOf } from '../core/model/failure';

export interface FollowOptions {
  readonly json: boolean;
  /** Events up to this one are not shown. */
  readonly afterSeq: number;
  readonly isPlanOnly: boolean;
}

/** Shows a run until this process no longer works at it, then what came of it. Resolves to the exit code. */
export async function followRun(
  context: CommandContext,
  engine: Engine,
  runId: string,
  options: FollowOptions,
): Promise<number> {
  const interruption = cancelOnInterrupt(context, engine, runId);
  const stop = watch(context, engine, runId, options);
  try {
    await engine.settled(runId);
  } finally {
    await stop();
    interruption.dispose();
  }
  const view = await engine.run(runId);
  if (!view) throw new Error(`Run ${runId} is gone from the journal`);
  const text = options.json
    ? JSON.stringify({ type: 'summary', ...buildReport(view) })
    : `${options.isPlanOnly ? '' : '\n'}${renderSummary(view, context.terminal.paint)}`;
  context.terminal.print(text);
  return exitCodeOf(view, options.isPlanOnly);
}

/** The first interruption cancels the run and waits for its end; a second one ends the process at once. */
function cancelOnInterrupt(context: CommandContext, engine: Engine, runId: string) {
  let count = 0;
  return context.onInterrupt(() => {
    count++;
    if (count > 1) return context.exitNow(exitCodes.cancelled);
    context.terminal.complain('Cancelling; once more to end at once.');
    void cancel(context, engine, runId);
  });
}

async function cancel({ terminal }: CommandContext, engine: Engine, runId: string): Promise<void> {
  try {
    const cancelled = await engine.cancel(runId, 'person');
    if (!cancelled.ok) terminal.complain(describeFailure(cancelled.failure));
  } catch (error) {
    terminal.complain(describeFailure(failureOf(error, 'Cancelling')));
  }
}

/** Starts showing; the function returned ends it with everything shown. */
function watch(
  context: CommandContext,
  engine: Engine,
  runId: string,
  { json, afterSeq }: FollowOptions,
): () => Promise<void> {
  const { terminal } = context;
  if (!json && terminal.isLive) return watchLive(context, engine, runId);
  const feed = new EventFeed(engine, runId, afterSeq, (event) => {
    const line = json ? JSON.stringify(event) : plainLine(event, terminal.paint);
    if (line !== undefined) terminal.print(line);
  });
  return () => feed.end();
}

/** A change is shown within this time, and elapsed times move on although nothing happens. */
const redrawMs = 100;

function watchLive(context: CommandContext, engine: Engine, runId: string): () => Promise<void> {
  let latest: RunView | undefined;
  const draw = () => {
    if (latest)
      context.terminal.show(
        renderMonitor(latest, {
          ...context.terminal.size(),
          nowMs: context.nowMs(),
          paint: context.terminal.paint,
        }),
      );
  };
  const subscription = engine.onChange((view) => {
    if (view.runId === runId) latest = view;
  });
  const timer = setInterval(draw, redrawMs);
  // What stands in the way of reading the run is told at the end, when it is read again.
  engine
    .run(runId)
    .then((view) => (latest ??= view))
    .catch(() => undefined);
  return async () => {
    clearInterval(timer);
    subscription.dispose();
    latest = await engine.run(runId);
    draw();
    context.terminal.keep();
  };
}
