import * as z from 'zod';
import type { Problem } from '../findings';
import { jsonOf } from './eslintJson';

/** A known vulnerability in a dependency, whatever tool reported it. */
interface Advisory {
  readonly id: string;
  readonly dependency: string;
  readonly title: string;
  readonly severity: string;
  readonly range: string;
  readonly url: string;
}

export type AuditReport =
  | { readonly problems: Problem[] }
  /** The tool answered, but with an error of its own or of the registry. */
  | { readonly error: string };

const npmSchema = z.object({
  vulnerabilities: z.record(
    z.string(),
    z.object({
      via: z.array(
        z.union([
          z.string(),
          z.object({
            source: z.union([z.number(), z.string()]).optional(),
            name: z.string().optional(),
            title: z.string().optional(),
            url: z.string().optional(),
            severity: z.string().optional(),
            range: z.string().optional(),
          }),
        ]),
      ),
    }),
  ),
  metadata: z.object({}),
});

const oldAdvisory = z.object({
  id: z.union([z.number(), z.string()]),
  module_name: z.string(),
  title: z.string(),
  severity: z.string(),
  vulnerable_versions: z.string().optional(),
  url: z.string().optional(),
  github_advisory_id: z.string().optional(),
});

const oldSchema = z.object({ advisories: z.record(z.string(), oldAdvisory), metadata: z.object({}) });

const yarnLine = z.union([
  z.object({ type: z.literal('auditAdvisory'), data: z.object({ advisory: oldAdvisory }) }),
  z.object({ type: z.literal('auditSummary'), data: z.object({}) }),
]);

/** One line for each dependency of `yarn npm audit --json` (Yarn 4). */
const berryLine = z.object({
  value: z.string(),
  children: z.object({
    ID: z.union([z.number(), z.string()]),
    Issue: z.string(),
    Severity: z.string(),
    URL: z.string().optional(),
    'Vulnerable Versions': z.string().optional(),
  }),
});

const errorSchema = z.object({
  message: z.string().optional(),
  error: z.object({ summary: z.string().optional(), message: z.string().optional() }).optional(),
});

/**
 * Reads the JSON of `npm audit`, `pnpm audit`, `yarn audit` (Yarn 1, a value per line) and `yarn npm audit` (Yarn 4).
 * @param manifest Where a finding is shown: the dependency is asked for there, directly or not.
 */
export function parseAudit(text: string, manifest: string): AuditReport {
  const whole = jsonOf(text);
  const npm = npmSchema.safeParse(whole);
  if (npm.success) return { problems: problems(npmAdvisories(npm.data), manifest) };
  const old = oldSchema.safeParse(whole);
  if (old.success) return { problems: problems(Object.values(old.data.advisories).map(fromOld), manifest) };
  const lines = text.split('\n').flatMap((line) => jsonOf(line) ?? []);
  return fromLines(lines, manifest) ?? { error: errorIn(whole, lines) };
}

function npmAdvisories(report: z.infer<typeof npmSchema>): Advisory[] {
  return Object.entries(report.vulnerabilities).flatMap(([dependency, { via }]) =>
    via.flatMap((cause) => {
      if (typeof cause === 'string') return []; // Another dependency of the report, which names its own advisories.
      const url = cause.url ?? '';
      const id = url.split('/').at(-1) || String(cause.source ?? cause.title ?? dependency);
      return [
        {
          id,
          dependency: cause.name ?? dependency,
          title: cause.title ?? 'a known vulnerability',
          severity: cause.severity ?? 'high',
          range: cause.range ?? '',
          url,
        },
      ];
    }),
  );
}

function fromOld(advisory: z.infer<typeof oldAdvisory>): Advisory {
  return {
    id: advisory.github_advisory_id ?? String(advisory.id),
    dependency: advisory.module_name,
    title: advisory.title,
    severity: advisory.severity,
    range: advisory.vulnerable_versions ?? '',
    url: advisory.url ?? '',
  };
}

/** Undefined when no line is one of an audit, so that an error is not read as a clean bill. */
function fromLines(lines: readonly unknown[], manifest: string): AuditReport | undefined {
  const yarn = lines.flatMap((line) => yarnLine.safeParse(line).data ?? []);
  if (yarn.some((line) => line.type === 'auditSummary')) {
    const found = yarn.flatMap((line) =>
      line.type === 'auditAdvisory' ? [fromOld(line.data.advisory)] : [],
    );
    return { problems: problems(found, manifest) };
  }
  const berry = lines.flatMap((line) => berryLine.safeParse(line).data ?? []);
  if (berry.length === 0) return undefined;
  const advisories = berry.map(({ value, children }): Advisory => ({
    id: children.URL?.split('/').at(-1) ?? String(children.ID),
    dependency: value,
    title: children.Issue,
    severity: children.Severity,
    range: children['Vulnerable Versions'] ?? '',
    url: children.URL ?? '',
  }));
  return { problems: problems(advisories, manifest) };
}

function problems(advisories: readonly Advisory[], manifest: string): Problem[] {
  const unique = new Map(advisories.map((advisory) => [`${advisory.id} ${advisory.dependency}`, advisory]));
  return [...unique.values()].map(({ id, dependency, title, severity, range, url }) => ({
    file: manifest,
    severity: /^(high|critical)$/i.test(severity)
      ? 'error'
      : /^(moderate|medium)$/i.test(severity)
        ? 'warning'
        : 'info',
    rule: id,
    message: `${dependency}${range && ` ${range}`}: ${title} (${severity.toLowerCase()})${url && `. ${url}`}`,
    identity: JSON.stringify([manifest, id, dependency]),
  }));
}

function errorIn(whole: unknown, lines: readonly unknown[]): string {
  const error = errorSchema.safeParse(whole).data;
  const said = error?.error?.summary || error?.error?.message || error?.message;
  if (said) return said;
  const line = lines
    .map((one) => z.object({ type: z.literal('error'), data: z.string() }).safeParse(one).data?.data)
    .find((data) => data !== undefined);
  return line?.split('\n')[0] ?? 'its answer was not the JSON of an audit';
}
