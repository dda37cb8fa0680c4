import type { Tally } from '../../domain/assessment.ts';
import type { Finding } from '../../domain/finding.ts';
import { age } from '../../domain/format.ts';
import { severityGlyph } from '../../views/ui/glyphs.ts';
import { VERSION } from '../version.ts';
import { countWords, pendingSources, type Report } from './report.ts';

/**
 * Formats a report as GitHub-flavoured Markdown for an issue or an incident channel. Text from the cluster appears
 * only through `prose` and `code`, so that it can neither break the structure nor notify people.
 */
export function formatMarkdown(report: Report, redacted: readonly string[]): string {
  const blocks = [
    heading(report),
    tallyTable(report),
    '## Findings',
    ...findings(report),
    '## Health score',
    score(report),
    ...unread(report),
    `---\nMade by homelab-top ${VERSION}. Masked: ${redacted.join('; ')}. Names of objects, namespaces and images are shown.`,
  ];
  return `${blocks.join('\n\n')}\n`;
}

function heading(report: Report): string {
  const { context, serverVersion, at, status, score, areas } = report;
  const points = score.value === undefined ? 'unknown' : `${score.value}/100`;
  return [
    `# homelab-top triage: ${status}`,
    '',
    `- cluster: ${code(context)}, Kubernetes ${code(serverVersion ?? 'unknown')}`,
    `- at: ${new Date(at).toISOString()}`,
    `- findings: ${countWords(report).join(', ') || 'none'}`,
    `- health score: ${points}`,
    `- areas: ${areas.join(', ')}`,
  ].join('\n');
}

function tallyTable({ tallies }: Report): string {
  const cell = ({ ok, total, severity, why }: Tally): string => {
    if (severity === 'unknown') return `unknown${why ? ` (${prose(why)})` : ''}`;
    return `${ok} of ${total}`;
  };
  const rows = Object.entries(tallies).map(([name, tally]) => `| ${name} | ${cell(tally)} |`);
  return ['| what | without problems |', '|---|---|', ...rows].join('\n');
}

function findings(report: Report): string[] {
  if (report.findings.length > 0) return report.findings.map((finding) => findingBlock(finding, report.at));
  return [report.status === 'unknown' ? 'None found in what could be read.' : 'None.'];
}

function findingBlock(finding: Finding, now: number): string {
  const { severity, title, subject, since, cause, effect, evidence, advice, consequences } = finding;
  const name = subject.namespace ? `${subject.namespace}/${subject.name}` : subject.name;
  const when = since === undefined ? '' : `, for ${age(now - since)}`;
  return [
    `### ${severityGlyph(severity)} ${prose(title)}`,
    '',
    `- ${severity}, ${subject.kind ? `${prose(subject.kind)} ` : ''}${code(name)}${when}`,
    ...(cause ? [`- cause: ${prose(cause)}`] : []),
    ...(effect ? [`- effect: ${prose(effect)}`] : []),
    ...evidence.map(
      ({ at, text }) => `- evidence: ${code(text)}${at === undefined ? '' : `, ${age(now - at)} ago`}`,
    ),
    ...advice.map((step) => `- fix: ${prose(step)}`),
    ...consequences.flatMap((consequence) => consequenceLines(consequence, 0)),
  ].join('\n');
}

function consequenceLines({ severity, title, consequences }: Finding, depth: number): string[] {
  return [
    `${'  '.repeat(depth)}- therefore: ${severityGlyph(severity)} ${prose(title)}`,
    ...consequences.flatMap((consequence) => consequenceLines(consequence, depth + 1)),
  ];
}

function score({ score: { value, losses, unknown } }: Report): string {
  return [
    value === undefined ? 'It cannot be computed.' : `${value} of 100.`,
    '',
    ...losses.map(
      ({ component, points, why }) => `- −${points.toFixed(1)} ${prose(component)}: ${prose(why)}`,
    ),
    ...unknown.map((input) => `- unknown, not counted: ${prose(input)}`),
  ]
    .join('\n')
    .trimEnd();
}

function unread(report: Report): string[] {
  const names = pendingSources(report);
  return names.length === 0 ? [] : [`## No answer in time\n\n${names.join(', ')}`];
}

/**
 * Text from outside as running text. Besides Markdown's own characters it disarms HTML, mentions (`@name`) and
 * references (`#12`, which would leave a trace in somebody's issue) with an empty comment in the middle.
 */
export function prose(text: string): string {
  return oneLine(text)
    .replace(/[\\`*_[\]<>|~$&]/g, '\\$&')
    .replace(/([@#])(?=\w)/g, '$1<!-- -->')
    .replace(/:\/\//g, ':<!-- -->//')
    .replace(/^([-+=#]|\d+[.)])/, '\\$1');
}

/** Text from outside, verbatim: a code span whose fence is longer than any run of backticks inside. */
export function code(text: string): string {
  const inner = oneLine(text);
  const longest = Math.max(0, ...(inner.match(/`+/g) ?? []).map((run) => run.length));
  const fence = '`'.repeat(longest + 1);
  const pad = inner.startsWith('`') || inner.endsWith('`') || inner === '' ? ' ' : '';
  return `${fence}${pad}${inner}${pad}${fence}`;
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ').trim();
}
