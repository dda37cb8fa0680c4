import { bytes, percent } from '../../domain/format.ts';
import { dataOf } from '../../domain/snapshot.ts';
import type { Line, ScreenModel } from '../model.ts';
import { type MemoryUse, nearestToLimit } from '../podMemory.ts';
import { bar } from '../ui/bar.ts';
import { cutName, fit, line, seg } from '../ui/line.ts';
import { freshness } from '../ui/notice.ts';
import { rule } from '../ui/rule.ts';
import type { Pane } from '../ui/stack.ts';

const MOST = 8;
/** From this share of its limit on, a pod is about to be killed for its memory. */
const NEAR = 0.9;
/** The bar needs a wide pane: names say more. */
const BAR = 8;
const WIDE = 50;
/** ` 1023Mi`, ` 100%` and the blanks around them. */
const NUMBERS = 14;

let last: { readonly key: readonly unknown[]; readonly uses: readonly MemoryUse[] } | undefined;

/** Worked out anew only with new measurements; in between pods do not change their limits. */
function uses(model: ScreenModel): readonly MemoryUse[] {
  const pods = dataOf(model.state.pods);
  const usage = dataOf(model.state.podUsage);
  if (pods === undefined || usage === undefined) return [];
  const key = [pods, usage];
  if (last === undefined || last.key.some((value, index) => value !== key[index])) {
    last = { key, uses: nearestToLimit(pods, usage.values(), MOST) };
  }
  return last.uses;
}

/** Pods whose memory is nearest to its limit; undefined while nothing measures them. */
export function memoryPane(model: ScreenModel, width: number): Pane | undefined {
  const rows = uses(model);
  if (rows.length === 0) return undefined;
  const barWidth = width < WIDE ? 0 : BAR;
  const names = Math.min(44, width - barWidth - NUMBERS - 2);
  return {
    rule: rule(
      'Memory, top pods',
      line(seg('of limit · ', 'muted'), freshness(model.state.podUsage, model)),
      width,
    ),
    min: 1,
    want: rows.length,
    draw: (height) => rows.slice(0, height).map((use) => memoryLine(use, names, barWidth)),
  };
}

function memoryLine({ id, used, limit }: MemoryUse, names: number, barWidth: number): Line {
  const ratio = used / limit;
  const token = ratio >= NEAR ? 'warning' : 'text';
  return line(
    ' ',
    fit([seg(cutName(id, names))], names),
    ' ',
    bar({ value: ratio, max: 1, width: barWidth, token }),
    seg(percent(ratio).padStart(5), token),
    seg(` of ${bytes(limit)}`, 'muted'),
  );
}
