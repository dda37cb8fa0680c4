import type { Tally } from '../../domain/assessment.ts';
import { cores, count, percent, plural } from '../../domain/format.ts';
import { dataOf } from '../../domain/snapshot.ts';
import type { Line, ScreenModel } from '../model.ts';
import { severityGlyph, severityToken } from '../ui/glyphs.ts';
import { clip, cutEnd, fit, line, seg } from '../ui/line.ts';
import { hanging } from '../ui/notice.ts';
import { rule } from '../ui/rule.ts';
import type { Pane } from '../ui/stack.ts';
import { RESTART_GOAL } from './pods.ts';

interface Source {
  readonly name: string;
  readonly tally: Tally;
  /** A second fact beside the tally. */
  readonly fact: string;
}

/** The parts of the cluster that have a tally, with one more fact each; a cluster without volumes has no such part. */
function healthSources(model: ScreenModel): readonly Source[] {
  const { nodes, pods, workloads, volumes } = model.judge.assessment;
  const { pvcs } = model.state;
  const noVolumes = pvcs.status === 'absent' || dataOf(pvcs)?.size === 0;
  return [
    source('Nodes', nodes, cpuFact(model), model),
    source('Pods', pods, restartFact(model), model),
    source('Workloads', workloads, '', model),
    ...(noVolumes ? [] : [source('Volumes', volumes, '', model)]),
  ];
}

/** Why a tally is uncertain goes before any other fact, unless the header says it for all of them. */
function source(name: string, tally: Tally, fact: string, model: ScreenModel): Source {
  return { name, tally, fact: model.connection.status === 'lost' ? '' : (tally.why ?? fact) };
}

function cpuFact(model: ScreenModel): string {
  const { capacity } = model.judge.assessment;
  const total = capacity?.allocatable.cpu;
  if (capacity === undefined || total === undefined || total === 0) return '';
  const used = capacity.usage?.cpu;
  if (used !== undefined) return `cpu ${percent(used / total)}`;
  return capacity.requested.cpu === undefined
    ? cores(total)
    : `cpu req ${percent(capacity.requested.cpu / total)}`;
}

function restartFact(model: ScreenModel): string {
  const { topRestarts } = model.judge.assessment;
  const recent = topRestarts.reduce((sum, top) => sum + top.recent, 0);
  const overGoal = topRestarts.some((top) => top.recent >= RESTART_GOAL);
  return recent === 0 ? '' : `+${plural(recent, 'restart')}${overGoal ? ', over goal' : ''}`;
}

/** `✓ 3/3`; a tally that cannot be counted shows `?` alone. */
function tallyLine({ ok, total, severity }: Tally): Line {
  const counted = severity === 'unknown' && total === 0 ? '' : ` ${count(ok)}/${count(total)}`;
  return line(seg(severityGlyph(severity), severityToken(severity)), counted === '' ? ' unknown' : counted);
}

function scoreLine(model: ScreenModel): Line {
  const { value } = model.judge.assessment.score;
  return [seg(value === undefined ? 'score –' : `score ${Math.round(value)}`, 'text')];
}

/** Why the score is not 100, or not known, worst loss first: `−6.6 pods`, `5 of 142`. */
function scoreReasons(model: ScreenModel): readonly { readonly what: string; readonly why: string }[] {
  const { losses, unknown } = model.judge.assessment.score;
  const lost = [...losses]
    .sort((a, b) => b.points - a.points)
    .map(({ points, component, bad, total }) => ({
      what: `−${points} ${component}`,
      why: `${count(bad)} of ${count(total)}`,
    }));
  if (unknown.length === 0) return lost;
  const why = model.connection.status === 'lost' ? 'anything since the API was lost' : unknown.join(', ');
  return [...lost, { what: 'not known', why }];
}

/** One-column health: sources side by side, then what the score lost. */
export function healthStrip(model: ScreenModel, width: number): Pane {
  const sources = healthSources(model);
  const perRow = width >= 76 ? sources.length : 2;
  const size = Math.min(26, Math.floor((width - 1) / Math.max(1, perRow)));
  const lines: Line[] = [];
  for (let index = 0; index < sources.length; index += perRow) {
    const row = sources.slice(index, index + perRow);
    lines.push(inCells(row, size, ({ name, tally }) => line(`${name} `, tallyLine(tally))));
    const facts = row.some(({ fact }) => fact !== '') && width >= 76;
    if (facts) lines.push(inCells(row, size, ({ fact }) => [seg(fact, 'muted')]));
  }
  const reasons = scoreReasons(model);
  if (reasons.length > 0) {
    const words = reasons.map(({ what, why }) => `${what} ${why}`).join(' · ');
    lines.push([seg(` ${cutEnd(words, width - 1)}`, 'muted')]);
  }
  return {
    rule: rule('Health', scoreLine(model), width),
    min: lines.length,
    want: lines.length,
    draw: (height) => lines.slice(0, height),
  };
}

/** Sources next to each other in cells of equal size. */
function inCells(sources: readonly Source[], size: number, cell: (source: Source) => Line): Line {
  return line(' ', ...sources.map((source) => fit(clip(cell(source), size - 1), size)));
}

/** Width of what was lost: `−16.5 workloads`. */
const REASON = 15;

/** Side panel: one source per line, then the reasons of the score in full. */
export function healthPane(model: ScreenModel, width: number): Pane {
  const lines: Line[] = healthSources(model).map(({ name, tally, fact }) =>
    line(` ${name.padEnd(9)} `, fit(tallyLine(tally), 12), seg(` ${cutEnd(fact, width - 24)}`, 'muted')),
  );
  for (const { what, why } of scoreReasons(model)) {
    lines.push(...hanging(`   ${what.padEnd(REASON)} `, why, width));
  }
  return {
    rule: rule('Health', scoreLine(model), width),
    min: Math.min(4, lines.length),
    want: lines.length,
    draw: (height) => lines.slice(0, height),
  };
}
