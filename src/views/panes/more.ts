import type { Line } from '../model.ts';
import { seg } from '../ui/line.ts';

/** Cuts lines at `height`; the last one then says how many are missing. */
export function withMore(lines: readonly Line[], height: number): readonly Line[] {
  if (lines.length <= height || height < 1) return lines.slice(0, Math.max(0, height));
  const hidden = lines.length - height + 1;
  return [...lines.slice(0, height - 1), [seg(` … ${hidden} more lines, enter opens`, 'muted')]];
}
