import type { Disposable } from '../base/disposable';
import type { Result } from '../base/result';
import type { Engine } from '../core/coordination/engine';
import type { Failure } from '../core/model/failure';
import type { Approver } from '../core/ports';
import type { Terminal } from './terminal';

export interface EngineChoice {
  /** Absolute. */
  readonly workspace: string;
  readonly approver: Approver;
  /** `provider/model`; absent: the configured one. */
  readonly model?: string;
  /** Whether commands in the sandbox are not asked about; absent: what the machine's configuration says. */
  readonly autonomous?: boolean;
}

/** What the commands need from the process they run in. */
export interface CommandContext {
  readonly terminal: Terminal;
  /** Absolute. */
  readonly folder: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly version: string;
  openEngine(choice: EngineChoice): Promise<Result<Engine, Failure>>;
  /** Calls the listener for SIGINT and SIGTERM. */
  onInterrupt(listener: () => void): Disposable;
  /** Ends the process at once. */
  exitNow(code: number): void;
  nowMs(): number;
}
