import type { ExternalAgent } from '../../../core/model/externalAgent';

export interface KnownAgent extends ExternalAgent {
  /** What to do where its program is missing. */
  readonly install?: string;
}

const throughNpx = 'Install Node.js with npm: npx fetches the agent on its first start.';

/**
 * How the known agents are started so that they speak the protocol (their own documentation, November 2026). `mode` is
 * the one in which they ask before they act, whatever the person's own settings for them say.
 */
export const builtInAgents: Readonly<Record<string, KnownAgent>> = {
  claude: {
    command: 'npx',
    args: ['@agentclientprotocol/claude-agent-acp'],
    env: ['ANTHROPIC_API_KEY', 'CLAUDE_CODE_OAUTH_TOKEN'],
    paths: ['~/.claude', '~/.claude.json', '~/.npm'],
    mode: 'default',
    install: throughNpx,
  },
  codex: {
    command: 'npx',
    args: ['@agentclientprotocol/codex-acp'],
    env: ['OPENAI_API_KEY', 'CODEX_API_KEY'],
    paths: ['~/.codex', '~/.npm'],
    install: throughNpx,
  },
  gemini: {
    command: 'gemini',
    args: ['--acp'],
    env: ['GEMINI_API_KEY', 'GOOGLE_API_KEY'],
    paths: ['~/.gemini'],
    mode: 'default',
    install: 'Install it: npm install -g @google/gemini-cli',
  },
  copilot: {
    command: 'copilot',
    args: ['--acp', '--stdio'],
    env: ['COPILOT_GITHUB_TOKEN'],
    paths: ['~/.copilot'],
    install: 'Install it: npm install -g @github/copilot',
  },
  opencode: {
    command: 'opencode',
    args: ['acp'],
    paths: ['~/.local/share/opencode', '~/.config/opencode', '~/.cache/opencode'],
    install: 'Install it: npm install -g opencode-ai',
  },
  qwen: {
    command: 'qwen',
    args: ['--acp'],
    env: ['DASHSCOPE_API_KEY', 'OPENAI_API_KEY'],
    paths: ['~/.qwen'],
    mode: 'default',
    install: 'Install it: npm install -g @qwen-code/qwen-code',
  },
};
