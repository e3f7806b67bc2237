import type { Preparation } from '../model/preparation';

/** What a person must know of a run's preparation before approving it; no lines where there is nothing. */
export function preparationLines({ included, leftOut, setup }: Preparation): string[] {
  const wish =
    setup?.from === 'project' ? 'the repository asks for it' : 'the settings of this machine say so';
  return [
    ...(setup
      ? ['', `Run in every new worktree before anybody works in it (${wish}):`, `- ${setup.command}`]
      : []),
    ...(included.length > 0
      ? [
          '',
          'Copied from your checkout into every worktree, though git ignores them (.worktreeinclude). Agents and what they run can read them, and what an agent reads goes to its model. Such files often hold secrets:',
          ...included.map(({ path, bytes }) => `- ${JSON.stringify(path).slice(1, -1)} (${bytes} bytes)`),
        ]
      : []),
    ...(leftOut.length > 0
      ? ['', 'Named by .worktreeinclude and not copied:', ...leftOut.map((line) => `- ${line}`)]
      : []),
  ];
}
