import { useState } from 'preact/hooks';
import { countText } from '../../src/protocol/labels';
import type { RunDetail } from '../../src/protocol/runModel';
import { useSession } from '../state/session';
import type { ViewState } from '../state/viewState';
import { ActivityLog } from './activityLog';
import { AgentGrid } from './agentGrid';
import { Approvals } from './approvals';
import { Choice } from './choice';
import { DeliverableList } from './deliverableList';
import { EmptyState } from './emptyState';
import { FactStrip } from './factStrip';
import { Failures } from './failures';
import { GateList } from './gateList';
import { Interruption } from './interruption';
import { NoticeBar } from './noticeBar';
import { PlanFacts } from './planFacts';
import { RunHeader } from './runHeader';
import { Section } from './section';
import { Obstacle, obstacleOf } from './surroundingsNotice';
import { TaskDetails } from './taskDetails';
import { TaskGraph } from './taskGraph';
import { Timeline } from './timeline';

/** One run on one page: figures, graph, agents, gates, time and log. */
export function DashboardView({ state }: { state: ViewState }) {
  const { environment, run } = state;
  if (!environment) return <main class="dashboard" aria-busy="true" />;
  const obstacle = obstacleOf(environment);
  return (
    <main class="dashboard">
      {obstacle ? (
        <Obstacle kind={obstacle} />
      ) : run ? (
        <RunBoard key={run.item.runId} state={state} run={run} />
      ) : (
        <EmptyState
          icon="graph"
          title={environment.loaded ? 'No run to show yet' : 'Reading the runs of this folder'}
        >
          {environment.loaded && (
            <p>Start one with the command “Run Enterprise Task”, or in the agent panel.</p>
          )}
        </EmptyState>
      )}
    </main>
  );
}

function RunBoard({ state, run }: { state: ViewState; run: RunDetail }) {
  const [selected, setSelected] = useState<string | null>(null);
  const task = run.tasks.find(({ id }) => id === selected);
  return (
    <>
      <div class="board-top">
        <RunHeader run={run} />
        <RunPicker state={state} run={run} />
      </div>
      <NoticeBar notice={state.notice} />
      <Interruption item={run.item} />
      <Approvals run={run} answering={state.answering} />
      <Failures run={run} />
      <FactStrip run={run} />
      <div class="board">
        {run.tasks.length > 0 && (
          <Section
            class={task ? 'wide with-side' : 'wide'}
            title="Task graph"
            note={countText(run.tasks.length, 'task')}
          >
            <div class="graph-and-details">
              <TaskGraph tasks={run.tasks} selected={selected} onSelect={setSelected} />
              {task && (
                <aside class="side" aria-label={`Details of ${task.title}`}>
                  <h3>{task.title}</h3>
                  <TaskDetails run={run} task={task} />
                </aside>
              )}
            </div>
          </Section>
        )}
        <Boards run={run} selected={selected} onSelect={setSelected} />
      </div>
    </>
  );
}

function Boards({
  run,
  selected,
  onSelect,
}: {
  run: RunDetail;
  selected: string | null;
  onSelect: (id: string) => void;
}) {
  return (
    <>
      {run.tasks.length > 0 && (
        <Section class="wide" title="Agents">
          <AgentGrid run={run} onSelect={onSelect} />
        </Section>
      )}
      <div class="column">
        <Section title="Gates">
          {run.gates.length > 0 ? (
            <GateList run={run} />
          ) : (
            <p class="quiet">
              No gate has run yet. They run on each finished task and on the combined result.
            </p>
          )}
        </Section>
        {run.deliverables.length > 0 && (
          <Section title="Files" note={run.deliverables.length}>
            <DeliverableList run={run} />
          </Section>
        )}
      </div>
      <div class="column">
        <Section title="Timeline">
          {run.tasks.some((task) => task.startedAt !== null) ? (
            <Timeline run={run} selected={selected} onSelect={onSelect} />
          ) : (
            <p class="quiet">No task has started yet.</p>
          )}
        </Section>
        <Section title="Plan and analysis">
          <PlanFacts run={run} />
        </Section>
      </div>
      <Section class="wide" title="Activity">
        <ActivityLog run={run} />
      </Section>
    </>
  );
}

function RunPicker({ state, run }: { state: ViewState; run: RunDetail }) {
  const { send } = useSession();
  if (state.runs.length < 2) return null;
  return (
    <Choice
      label="Run"
      value={run.item.runId}
      options={state.runs.map(({ runId, request }) => ({
        value: runId,
        text: request.length > 48 ? `${request.slice(0, 48)}…` : request,
      }))}
      onPick={(runId) => send({ type: 'select', runId })}
    />
  );
}
