/**
 * Instructions for one kind of work, in a folder of their own with a `SKILL.md` (format: agentskills.io). An agent is told
 * its name and description, and reads the rest when it needs it.
 */
export interface Skill {
  readonly name: string;
  readonly description: string;
  readonly source: SkillSource;
  /** What it says it needs of its surroundings, in its author's words. */
  readonly compatibility?: string;
  /** True: agents are not told of it, unless their definition names it. */
  readonly onlyByName?: boolean;
}

export interface SkillSource {
  readonly kind: 'project' | 'home';
  /** Absolute, of its `SKILL.md`. */
  readonly path: string;
  /** Of a project's skill, its folder from the root of the repository, with `/`: where it stands in a worktree too. */
  readonly folder?: string;
}
