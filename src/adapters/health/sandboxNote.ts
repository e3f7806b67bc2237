import type { RunNote } from '../../core/coordination/runCoordinator';
import type { Sandbox } from '../process/sandbox';

/** What a run says of itself before anything is run for it (law L5); undefined where all is as it should be. */
export async function sandboxNote(sandbox: Sandbox, autonomous: boolean): Promise<RunNote | undefined> {
  const state = await sandbox.state();
  if (state.kind === 'ready') {
    if (!autonomous) return undefined;
    const message = `Autonomous: commands that run in the sandbox (${state.version}) without network are not asked about.`;
    return { level: 'info', message };
  }
  const plain = `Commands of agents and checks run without a sandbox: ${state.reason}.`;
  if (!autonomous)
    return { level: state.kind === 'broken' ? 'warning' : 'info', message: `${plain} ${state.remedy}` };
  return { level: 'warning', message: `Autonomous mode is off, this run asks. ${plain} ${state.remedy}` };
}
