/** A kind of service a person can choose, and what must be asked about it. */
export interface Provider {
  readonly id: string;
  readonly label: string;
  readonly description: string;
  readonly modelHint: string;
  readonly baseUrl: 'none' | 'required';
  readonly defaultBaseUrl?: string;
  /** `optional`: asked for only when the service refuses to answer without one. */
  readonly key: 'required' | 'optional' | 'none';
}

export const providers: readonly Provider[] = [
  {
    id: 'anthropic',
    label: 'Anthropic',
    description: 'Claude models, with an API key',
    modelHint: 'claude-…',
    baseUrl: 'none',
    key: 'required',
  },
  {
    id: 'openai',
    label: 'OpenAI',
    description: 'GPT models, with an API key',
    modelHint: 'gpt-…',
    baseUrl: 'none',
    key: 'required',
  },
  {
    id: 'google',
    label: 'Google',
    description: 'Gemini models, with an API key',
    modelHint: 'gemini-…',
    baseUrl: 'none',
    key: 'required',
  },
  {
    id: 'openai-compatible',
    label: 'OpenAI-compatible',
    description: 'vLLM, LM Studio, LiteLLM, a company gateway, at an address',
    modelHint: 'the name your service uses',
    baseUrl: 'required',
    key: 'optional',
  },
  {
    id: 'ollama',
    label: 'Ollama',
    description: 'models of an Ollama server at an address, no key',
    modelHint: 'the name `ollama list` shows',
    baseUrl: 'required',
    defaultBaseUrl: 'http://127.0.0.1:11434',
    key: 'none',
  },
];
