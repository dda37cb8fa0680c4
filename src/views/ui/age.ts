import { age } from '../../domain/format.ts';

const MINUTE = 60_000;

/** How old something is, for what stays on screen: below a minute it does not count, so a quiet screen rests. */
export function ageText(at: number | undefined, now: number): string {
  if (at === undefined) return '–';
  return now - at < MINUTE ? '<1m' : age(now - at);
}
