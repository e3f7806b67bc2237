import { commandsIn, type Subject } from './checkCommands';

/** Something an agent says it proved. */
export interface Claim {
  /** As the agent put it. */
  readonly text: string;
  readonly subject?: Subject;
  /** The command it names. */
  readonly command?: string;
  /** It speaks for everything: a run of a part does not prove it. */
  readonly isWhole: boolean;
}

/** The claims of `finish`: each entry of `verified`, and what the summary says of tests, types, lint, build and format. */
export function claimsOf(summary: string, verified: readonly string[]): Claim[] {
  const said = verified.filter((text) => !isHedged(text)).map(claimOf);
  const known = new Set(said.flatMap(({ subject }) => (subject ? [subject] : [])));
  const told = sentences(summary)
    .flatMap(clauses)
    .flatMap((text) =>
      subjectsSaid(text)
        .filter((subject) => isClaimed(text, subject))
        .map((subject) => ({ text, subject, ...commandOf(text), isWhole: speaksForAll(text) })),
    )
    .filter(({ subject }, at, all) => all.findIndex((other) => other.subject === subject) === at);
  return [...said, ...told.filter(({ subject }) => !known.has(subject))].slice(0, mostClaims);
}

const mostClaims = 40;

function claimOf(text: string): Claim {
  const command = commandOf(text);
  const subject = commandsIn(command.command ?? '').find((part) => part.subject)?.subject;
  const [said] = subject
    ? [subject]
    : subjectsSaid(text).filter((one) => isClaimed(text, one) || hasRun.test(text));
  return { text: text.trim(), ...(said ? { subject: said } : {}), ...command, isWhole: speaksForAll(text) };
}

const hasRun = /\b(ran|run|checked|verified|executed)\b/i;

/** In words, as agents use them of a check. */
const nouns: Readonly<Record<Subject, RegExp>> = {
  tests: /\b(tests?|test[- ]suite|specs?|suite|test cases?)\b/i,
  types: /\b(types?|type[- ]?checks?|type[- ]?checker|type[- ]?checking|typecheck\w*|tsc|mypy|pyright)\b/i,
  lint: /\b(lint\w*|eslint|ruff|clippy)\b/i,
  build: /\b(builds?|compil(es|ation|e)|bundles?)\b/i,
  format: /\b(format(ting|ter)?|prettier)\b/i,
};

const good =
  /\b(pass(es|ed|ing)?|green|clean(ly)?|succeed(s|ed)?|succeeds|success(ful|fully)?|works?|ok|okay|(no|zero|0|without( any)?) (\w+ )?(errors?|failures?|warnings?|problems?|issues?|findings?))\b|✓|✔|✅/i;
/** Verbs that are a verdict by themselves. */
const saysItself = /\b(types? checks?|type-checks|it (builds|compiles|lints)|code (builds|compiles))\b/i;

function isClaimed(text: string, subject: Subject): boolean {
  return nouns[subject].test(text) && (good.test(text) || saysItself.test(text)) && !isHedged(text);
}

function subjectsSaid(text: string): Subject[] {
  return (Object.keys(nouns) as Subject[]).filter((subject) => nouns[subject].test(text));
}

const harmless =
  /\b(no|zero|0|without( any)?) (\w+ )?(errors?|fail(ed|ing|ures?)?|warnings?|problems?|issues?|findings?)\b/gi;
const hedge =
  /\b(not|never|cannot|can't|unable|fail(s|ed|ing|ures?)?|broken|red|should|would|could|may|might|must|until|unless|if|whether|todo|please|needs?|expect(ed|s)?|hope(fully)?|ensure|make sure|skip(s|ped)?|untested|unverified|except|apart from|other than|besides|add(s|ed)?|wrote|write|written|new)\b|n't\b/i;

/** Says that it is not so, not sure, or speaks of something else (tests that were written). */
function isHedged(text: string): boolean {
  const rest = text.replace(harmless, '');
  return hedge.test(rest.replace(/\b(add(s|ed)?|wrote|new)\b(?=.*\b(pass|green))/gi, ''));
}

function speaksForAll(text: string): boolean {
  return /\b(all|every|everything|whole|entire|full|complete)\b/i.test(text);
}

/** A command in backticks, or one that begins with the name of a runner. */
function commandOf(text: string): { command?: string } {
  const quoted = [...text.matchAll(/`([^`]+)`/g)].map((match) => match[1]?.trim() ?? '');
  const named = quoted.find((part) => /\s|^(tsc|eslint|pytest|make)$/.test(part)) ?? bare.exec(text)?.[0];
  const command = named?.replace(/^\$ /, '').trim();
  return command === undefined || command === '' ? {} : { command };
}

const bare =
  /\b(npm (run \S+|test|t)|npx \S+|(pnpm|yarn|bun|deno) \S+|cargo (test|check|clippy|build)|go (test|build|vet)|pytest|make \w+|tsc|dotnet (test|build))\b[^.,;:()\n—]*?(?=$|[.,;:()\n—]| (pass|succeed|is|was|and|gives?|reports?|with|→|->))/i;

function sentences(text: string): string[] {
  return text
    .replace(/```[^]*?(```|$)/g, '\n')
    .split(/\n+|(?<=[.!?])\s+/)
    .map((line) =>
      line
        .replace(/^\s*([-*•]|\d+[.)])\s+/, '')
        .replaceAll(/\*\*|__/g, '')
        .trim(),
    )
    .filter((line) => line !== '');
}

/** A sentence as a whole while nothing in it is doubtful, else its parts, each for itself. */
function clauses(sentence: string): string[] {
  return isHedged(sentence)
    ? sentence.split(/[,;:]\s+|\s+(?:but|while|although|though|however|and now|so|and)\s+/i)
    : [sentence];
}
