/** Verbs titles begin with. A word that is not here may be a noun, and "Publicing" helps nobody. */
const verbs = new Set(
  `add adapt adjust align analyse analyze apply assess audit bring build bump call change check clean close collect compare configure
  connect convert copy correct cover create cut debug define delete describe design detect document draft drop emit enable
  ensure evaluate expose extend extract find finish fix format gather generate give guard handle harden implement improve
  inspect install integrate introduce investigate keep lint list load make map mark measure merge migrate mock move
  normalise normalize optimise optimize parse plan port prepare prevent profile prove provide publish put raise read record
  reduce refactor register release remove rename render repair replace report research resolve restore restructure return
  review rewrite run save scan search secure send separate set show simplify sort specify split start stop store
  strengthen style summarise summarize support survey switch test tidy track translate try turn type-check unify update upgrade use
  validate verify wire wrap write`.split(/\s+/),
);

const doubled = new Set([
  'format',
  'cut',
  'drop',
  'get',
  'map',
  'plan',
  'put',
  'run',
  'set',
  'split',
  'stop',
  'wrap',
  'debug',
  'scan',
  'emit',
]);

/** A title in the continuous form, for a todo in progress: "Document the API" → "Documenting the API". */
export function activeFormOf(title: string): string {
  const [, first = '', rest = ''] = /^(\S+)(.*)$/s.exec(title.trim()) ?? [];
  const verb = first.toLowerCase();
  if (!verbs.has(verb)) return `Working on: ${title.trim()}`;
  const stem = /[^eoy]e$/.test(verb) ? first.slice(0, -1) : first;
  const last = doubled.has(verb) ? (first.at(-1) ?? '') : '';
  return `${stem}${last}ing${rest}`;
}
