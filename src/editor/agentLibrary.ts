import { Emitter } from '../base/emitter';
import type { Disposable } from '../base/disposable';
import type { LoadedAgents } from '../core/model/agent';
import type { Engines } from './engines';
import { openFolders, windowRefusal } from './folders';
import type { VsCode } from './vscodeApi';

/** The agents of the open folders, as last read, with the problems of their files. */
export class AgentLibrary implements Disposable {
  private readonly changed: Emitter<void>;
  private loaded: LoadedAgents = { agents: [], problems: [] };

  constructor(
    private readonly api: VsCode,
    private readonly engines: Engines,
    onError: (error: unknown) => void,
  ) {
    this.changed = new Emitter(onError);
  }

  current(): LoadedAgents {
    return this.loaded;
  }

  /** Reads the files again; false where nothing may run or no engine could be opened. */
  async load(): Promise<boolean> {
    if (windowRefusal(this.api)) return false;
    const loads: LoadedAgents[] = [];
    for (const folder of openFolders(this.api)) {
      const engine = await this.engines.open(folder);
      if (engine.ok) loads.push(await engine.value.agents());
    }
    if (loads.length === 0) return false;
    this.loaded = {
      agents: distinct(
        loads.flatMap((load) => load.agents),
        (agent) => `${agent.name}\n${agent.source.path ?? ''}`,
      ),
      problems: distinct(
        loads.flatMap((load) => load.problems),
        (problem) => JSON.stringify(problem),
      ),
      skills: distinct(
        loads.flatMap((load) => load.skills ?? []),
        (skill) => skill.source.path,
      ),
      models: Object.assign({}, ...loads.map((load) => load.models ?? {})) as NonNullable<
        LoadedAgents['models']
      >,
    };
    this.changed.fire();
    return true;
  }

  onDidLoad(listener: () => void): Disposable {
    return this.changed.on(listener);
  }

  dispose(): void {
    this.changed.dispose();
  }
}

function distinct<T>(items: readonly T[], keyOf: (item: T) => string): T[] {
  return [...new Map(items.map((item) => [keyOf(item), item])).values()];
}
