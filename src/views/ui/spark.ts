import { GLYPH, SPARK_LEVELS } from './glyphs.ts';

/** A sparkline on the fixed scale 0..`max`, oldest first; a sample that was not taken is a dot, never a zero. */
export function spark(samples: readonly (number | null)[], max: number): string {
  const top = SPARK_LEVELS.length - 1;
  return samples
    .map((sample) => {
      if (sample === null) return GLYPH.missing;
      const level = max <= 0 ? 0 : Math.ceil((Math.min(Math.max(sample, 0), max) / max) * top);
      return SPARK_LEVELS[level] ?? GLYPH.missing;
    })
    .join('');
}
