import type { ViewState } from '../state/viewState';
import { useSession } from '../state/session';
import { Approvals } from './approvals';
import { Composer } from './composer';
import { EmptyState } from './emptyState';
import { Failures } from './failures';
import { Interruption } from './interruption';
import { ShortGateList } from './gateList';
import { NoticeBar } from './noticeBar';
import { RunHeader } from './runHeader';
import { RunList } from './runList';
import { Section } from './section';
import { Hints, Obstacle, obstacleOf } from './surroundingsNotice';
import { TaskList } from './taskList';
import { UsageLine } from './usageLine';

/** The agent panel: type a task, answer what is asked, see how it goes. */
export function PanelView({ state }: { state: ViewState }) {
  const { environment, run, runs } = state;
  if (!environment) return <main class="panel" aria-busy="true" />;
  const obstacle = obstacleOf(environment);
  if (obstacle) {
    return (
      <main class="panel">
        <Obstacle kind={obstacle} />
      </main>
    );
  }
  return (
    <main class="panel">
      <Composer state={state} environment={environment} />
      <NoticeBar notice={state.notice} />
      {run ? (
        <ShownRun state={state} run={run} />
      ) : (
        <BeforeFirstRun state={state} environment={environment} />
      )}
      {runs.length > 0 && (
        <Section title="Runs" note={runs.length}>
          <RunList runs={runs} shown={run?.item.runId ?? null} />
        </Section>
      )}
    </main>
  );
}

function ShownRun({ state, run }: { state: ViewState; run: NonNullable<ViewState['run']> }) {
  const { send } = useSession();
  return (
    <article class="run" aria-label="Shown run">
      <RunHeader run={run} />
      <Interruption item={run.item} />
      <Approvals run={run} answering={state.answering} />
      <Failures run={run} />
      {run.tasks.length > 0 && (
        <Section title="Tasks" note={`${run.item.tasks.done}/${run.item.tasks.total}`}>
          <TaskList run={run} />
        </Section>
      )}
      {run.gates.length > 0 && (
        <Section title="Gates">
          <ShortGateList run={run} />
        </Section>
      )}
      <UsageLine run={run} />
      <button
        class="link dashboard-link"
        onClick={() => send({ type: 'surrounding', action: 'openDashboard' })}
      >
        Open the dashboard for graph, timeline and log
      </button>
    </article>
  );
}

function BeforeFirstRun({
  state,
  environment,
}: {
  state: ViewState;
  environment: NonNullable<ViewState['environment']>;
}) {
  return (
    <>
      <Hints environment={environment} />
      {!environment.loaded && (
        <p class="quiet reading" role="status">
          <span class="spinner" aria-hidden="true" /> Reading the runs of this folder
        </p>
      )}
      {environment.loaded && state.runs.length === 0 && (
        <EmptyState icon="graph" title="No run yet">
          <p>
            Type a task above. It is planned as a graph, done in isolated worktrees, checked by the project’s
            own gates, and delivered when you say so.
          </p>
        </EmptyState>
      )}
    </>
  );
}
