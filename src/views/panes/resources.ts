import type { Coverage } from '../../domain/assessment.ts';
import { bytes, cores, percent } from '../../domain/format.ts';
import type { Line, ScreenModel } from '../model.ts';
import { bar } from '../ui/bar.ts';
import { severityGlyph } from '../ui/glyphs.ts';
import { cutName, fit, line, lineCells, seg } from '../ui/line.ts';
import { rule } from '../ui/rule.ts';
import type { Pane } from '../ui/stack.ts';
import { RESTART_GOAL } from './pods.ts';

const DAY = 24 * 3_600_000;

/** Workloads that restarted most lately; undefined while none did. */
export function restartsPane(model: ScreenModel, width: number): Pane | undefined {
  const { topRestarts, restartWindowMs } = model.judge.assessment;
  const rows = topRestarts.filter(({ recent }) => recent > 0);
  if (rows.length === 0) return undefined;
  const narrow = width < 50;
  // Pods tell of their last restart only, so until a whole day was watched there may have been more.
  const bound = restartWindowMs < DAY ? 'at least · ' : '';
  const totalWidth = narrow ? 0 : 11;
  const scale = Math.max(RESTART_GOAL + 1, ...rows.map(({ recent }) => recent));
  const barWidth = narrow ? 8 : 20;
  const nameWidth = Math.min(40, Math.max(12, width - barWidth - totalWidth - 8));
  const draw = ({ ref, recent, total }: (typeof rows)[number]): Line => {
    const token = recent >= RESTART_GOAL ? 'warning' : 'text';
    const name = cutName(ref.namespace ? `${ref.namespace}/${ref.name}` : ref.name, nameWidth);
    return line(
      ' ',
      fit([seg(name)], nameWidth),
      seg(`+${recent}`.padStart(5), token),
      ' ',
      bar({ value: recent, max: scale, width: barWidth, mark: RESTART_GOAL, token }),
      narrow ? '' : seg(` total ${String(total).padStart(4)}`, 'muted'),
    );
  };
  return {
    rule: rule(
      narrow ? 'Restarts 24h' : 'Restarts, top 24h',
      [seg(`${bound}goal: < ${RESTART_GOAL}${narrow ? '' : ' per pod'}`, 'muted')],
      width,
    ),
    min: 1,
    want: Math.min(5, rows.length),
    draw: (height) => rows.slice(0, height).map(draw),
  };
}

/** What all pods together request and may use of the cluster, and how many containers say so. */
export function requestsPane(model: ScreenModel, width: number): Pane | undefined {
  const { capacity, coverage } = model.judge.assessment;
  const lines: Line[] = [];
  if (capacity !== undefined) {
    lines.push(
      ...capacityLine(
        'cpu',
        capacity.allocatable.cpu,
        capacity.requested.cpu,
        capacity.limits.cpu,
        cores,
        width,
      ),
      ...capacityLine(
        'mem',
        capacity.allocatable.memory,
        capacity.requested.memory,
        capacity.limits.memory,
        bytes,
        width,
      ),
    );
  }
  if (coverage !== undefined && coverage.missing.length > 0) lines.push(missingLine(coverage, width));
  if (lines.length === 0) return undefined;
  return {
    rule: rule(width < 50 ? 'Requests' : 'Requests and limits', coverageText(coverage), width),
    min: Math.min(2, lines.length),
    want: lines.length,
    draw: (height) => lines.slice(0, height),
  };
}

function capacityLine(
  label: string,
  total: number | undefined,
  requested = 0,
  limit = 0,
  unit: (amount: number) => string,
  width: number,
): Line[] {
  if (total === undefined || total <= 0) return [];
  const narrow = width < 50;
  const ratio = requested / total;
  const share = ` ${percent(ratio).padStart(4)}`;
  const amount = narrow ? share : `${share} of ${label === 'cpu' ? `${unit(total)} cores` : unit(total)}`;
  const limits = `  limit ${percent(limit / total).padStart(4)}`;
  const head = [seg(` ${label}${narrow ? ' ' : '  requested '}`, 'muted')];
  const amounts = narrow ? share.length : 19;
  const barWidth = Math.max(0, Math.min(24, width - lineCells(head) - amounts - limits.length));
  return [
    line(
      head,
      bar({ value: ratio, max: 1, width: barWidth }),
      fit([seg(amount)], amounts),
      seg(limits, limit > total ? 'warning' : 'muted'),
    ),
  ];
}

function coverageText(coverage: Coverage | undefined): Line {
  if (coverage === undefined) return [seg(`${severityGlyph('unknown')} not known`, 'unknown')];
  if (coverage.total === 0) return [];
  // Rounded down, because 100% means that none is missing.
  const covered = Math.floor(((coverage.total - coverage.missing.length) / coverage.total) * 100);
  return [seg(`${covered}% covered${covered === 100 ? ' (goal ✓)' : ''}`, 'muted')];
}

function missingLine(coverage: Coverage, width: number): Line {
  const first = coverage.missing[0];
  if (first === undefined) return [];
  const count = `${coverage.missing.length} of ${coverage.total} containers lack some`;
  const example = `, first ${first.workload.namespace ?? ''}/${first.workload.name}: ${first.lacks.join(', ')}`;
  return fit(line(` ${count}`, seg(example, 'muted')), width);
}
