/** A way to a language model that is there already, without anything being set up. */
export interface FoundModels {
  /** `server`: a model server that runs; `agent`: an installed command-line agent; `key`: an API key in the environment. */
  readonly kind: 'server' | 'agent' | 'key';
  /** `Ollama at http://127.0.0.1:11434`, `Claude Code`, `Anthropic`. */
  readonly name: string;
  /** What the ids of its models begin with: `ollama`, `acp`, `anthropic`. */
  readonly provider: string;
  /** Ids of its models; none where they are listed only when it is asked for them with its key. */
  readonly models: readonly string[];
  readonly baseUrl?: string;
  /** Where it was found: a path, an address, the name of a variable. */
  readonly place: string;
}
