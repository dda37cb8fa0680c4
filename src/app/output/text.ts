import type { Tally } from '../../domain/assessment.ts';
import type { Finding } from '../../domain/finding.ts';
import { age, dateTime, moment } from '../../domain/format.ts';
import type { Line, Segment } from '../../views/model.ts';
import { severityGlyph, severityToken } from '../../views/ui/glyphs.ts';
import { type Caps, createTheme } from '../../views/ui/theme.ts';
import { countWords, pendingSources, type Report } from './report.ts';

const STATUS_SEVERITY = {
  healthy: 'ok',
  warning: 'warning',
  critical: 'critical',
  unknown: 'unknown',
} as const;
/** Evidence is the part that grows without bound; the console shows all of it. */
const EVIDENCE_SHOWN = 6;

/** Formats a report in words: verdict, findings worst first with their reasons, score, what was not read. */
export function formatText(report: Report, caps: Caps): string {
  const blocks = [
    verdict(report),
    ...report.findings.map((finding) => findingLines(finding, report.at)),
    score(report),
    unread(report),
  ];
  const lines = blocks.filter((block) => block.length > 0).flatMap((block) => [...block, []]);
  return paintLines(lines.slice(0, -1), caps);
}

/** Paints lines for a terminal, or plainly when `caps.color` is none. Every line ends with a newline. */
export function paintLines(lines: readonly Line[], caps: Caps): string {
  const theme = createTheme(caps);
  const draw = caps.color === 'none' ? theme.text : theme.paint;
  return lines.map((line) => `${draw(line).trimEnd()}\n`).join('');
}

function verdict(report: Report): Line[] {
  const { status, score, tallies, at } = report;
  const severity = STATUS_SEVERITY[status];
  const points = score.value === undefined ? 'score unknown' : `score ${score.value}/100`;
  return [
    [
      { text: `${severityGlyph(severity)} ${status}`, token: severityToken(severity), bold: true },
      plain(`  ${[...countWords(report), points].join('  ')}`),
    ],
    [
      { text: `  ${report.context}`, token: 'accent' },
      muted(`  ${report.serverVersion ?? 'server unknown'}  ${dateTime(at)}  ${report.areas.join(' ')}`),
    ],
    Object.entries(tallies).flatMap(([name, tally]) => [plain('  '), ...tallySegments(name, tally)]),
  ];
}

/** Why a tally is unknown is told below, by a finding or as an answer that did not come. */
function tallySegments(name: string, { ok, total, severity }: Tally): Segment[] {
  if (severity === 'unknown') return [plain(`${name} ?`)];
  return [plain(`${name} ${ok}/${total}`)];
}

function findingLines(finding: Finding, now: number): Line[] {
  const { cause, effect, evidence, advice, consequences } = finding;
  const hidden = evidence.length - EVIDENCE_SHOWN;
  return [
    titleLine(finding, now, 0),
    ...(cause ? [field('cause', cause)] : []),
    ...(effect ? [field('effect', effect)] : []),
    ...evidence
      .slice(0, EVIDENCE_SHOWN)
      .map(({ at, text }) => field('evidence', at === undefined ? text : `${text} (${moment(at, now)})`)),
    ...(hidden > 0 ? [field('', `and ${hidden} more`)] : []),
    ...advice.map((step) => field('fix', step)),
    ...unreadableLines(consequences.filter(isUnreadable)),
    ...consequences
      .filter((consequence) => !isUnreadable(consequence))
      .flatMap((consequence) => consequenceLines(consequence, now, 1)),
  ];
}

/** Sources that one failure makes unreadable would otherwise fill the screen with the same sentence. */
function unreadableLines(consequences: readonly Finding[]): Line[] {
  if (consequences.length === 0) return [];
  return [field('not read', consequences.map(({ scope }) => scope).join(', '))];
}

const isUnreadable = ({ code }: Finding): boolean => code === 'SOURCE_FAILED' || code === 'SOURCE_STALE';

/** What follows from a finding is told by its title only: the root is where to act. */
function consequenceLines(finding: Finding, now: number, depth: number): Line[] {
  return [
    titleLine(finding, now, depth),
    ...finding.consequences.flatMap((consequence) => consequenceLines(consequence, now, depth + 1)),
  ];
}

function titleLine({ severity, title, scope, since }: Finding, now: number, depth: number): Line {
  const when = since === undefined ? '' : `  ${age(now - since)}`;
  return [
    muted(depth === 0 ? '' : `${'    '.repeat(depth)}so `),
    { text: severityGlyph(severity), token: severityToken(severity) },
    { text: ` ${title}`, bold: depth === 0 },
    muted(`  ${scope}${when}`),
  ];
}

function field(name: string, text: string): Line {
  return [muted(`    ${name.padEnd(9)}`), plain(text)];
}

function score({ score: { value, losses, unknown } }: Report): Line[] {
  const title = value === undefined ? 'Score unknown' : `Score ${value}/100`;
  const widest = Math.max(0, ...losses.map(({ component }) => component.length));
  return [
    [{ text: title, bold: true }],
    ...losses.map(({ component, points, why }) => [
      plain(`  ${`-${points.toFixed(1)}`.padStart(5)}  ${component.padEnd(widest)}  ${why}`),
    ]),
    ...(unknown.length === 0
      ? []
      : [[plain(`      ?  not counted, because unknown: ${unknown.join(', ')}`)]]),
  ];
}

function unread(report: Report): Line[] {
  const names = pendingSources(report);
  if (names.length === 0) return [];
  return [
    [{ text: 'No answer in time', bold: true }],
    [{ text: '  ? ', token: 'unknown' }, plain(names.join(', '))],
    field('fix', 'try again with a larger --timeout'),
  ];
}

function plain(text: string): Segment {
  return { text };
}

function muted(text: string): Segment {
  return { text, token: 'muted' };
}
