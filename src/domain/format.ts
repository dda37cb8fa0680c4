/** Numbers, times and names as text. Units are attached (`1.2Gi`, `34%`, `26h`); nothing here reads a clock. */

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/**
 * How old something is, short enough for a column: one unit up to two days, two up to a week, then days.
 * `42s`, `18m`, `26h`, `2d 8h`, `41d`. Negative ages (clock skew) read `0s`.
 */
export function age(ms: number): string {
  if (ms < 2 * DAY) return leadingUnit(ms);
  const days = Math.floor(ms / DAY);
  const hours = Math.floor((ms % DAY) / HOUR);
  return days < 8 && hours > 0 ? `${days}d ${hours}h` : `${days}d`;
}

function leadingUnit(ms: number): string {
  if (ms < MINUTE) return `${Math.max(0, Math.floor(ms / SECOND))}s`;
  return ms < HOUR ? `${Math.floor(ms / MINUTE)}m` : `${Math.floor(ms / HOUR)}h`;
}

/** A length of time with its two leading units: `42s`, `6m 12s`, `11h 28m`, `1d 8h`, `41d`. */
export function duration(ms: number): string {
  const units: readonly [string, number][] = [
    ['d', DAY],
    ['h', HOUR],
    ['m', MINUTE],
    ['s', SECOND],
  ];
  const first = units.findIndex(([, size]) => ms >= size);
  if (first === -1) return '0s';
  const parts = units.slice(first, first + 2).map(([unit, size], index) => {
    const outer = index === 0 ? Number.POSITIVE_INFINITY : (units[first]?.[1] ?? 1);
    return { unit, value: Math.floor((ms % outer) / size) };
  });
  return parts
    .filter(({ value }) => value > 0)
    .map(({ unit, value }) => `${value}${unit}`)
    .join(' ');
}

/** `2h ago`, or `in 11h 28m` for a moment to come. */
export function relative(at: number, now: number): string {
  return at > now ? `in ${duration(at - now)}` : `${age(now - at)} ago`;
}

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** Local time of day, `14:32:07`. */
export function clockTime(at: number): string {
  const date = new Date(at);
  return `${pad(date.getHours())}:${pad(date.getMinutes())}:${pad(date.getSeconds())}`;
}

/** Local date and time, `2025-06-11 14:32:07`. */
export function dateTime(at: number): string {
  const date = new Date(at);
  return `${date.getFullYear()}-${pad(date.getMonth() + 1)}-${pad(date.getDate())} ${clockTime(at)}`;
}

/** A local moment as told beside evidence: `14:20`, `12:31 yesterday`, `23 Nov 08:10`, `2024-11-23 08:10`. */
export function moment(at: number, now: number): string {
  const time = clockTime(at).slice(0, 5);
  const date = new Date(at);
  const today = new Date(now);
  const days = Math.round((startOfDay(today) - startOfDay(date)) / DAY);
  if (days === 0) return time;
  if (days === 1) return `${time} yesterday`;
  if (date.getFullYear() === today.getFullYear())
    return `${date.getDate()} ${MONTHS[date.getMonth()]} ${time}`;
  return dateTime(at).slice(0, 16);
}

function startOfDay(date: Date): number {
  return new Date(date.getFullYear(), date.getMonth(), date.getDate()).getTime();
}

function pad(value: number): string {
  return String(value).padStart(2, '0');
}

const BINARY_UNITS = ['B', 'Ki', 'Mi', 'Gi', 'Ti', 'Pi', 'Ei'];

/** Bytes in binary units as Kubernetes prints them: `512B`, `1.2Gi`, `96Gi`. */
export function bytes(n: number): string {
  const negative = n < 0 ? '-' : '';
  let value = Math.abs(n);
  let unit = 0;
  // 1023.5 and more would print as "1024": that is the next unit.
  while (value >= 1023.5 && unit < BINARY_UNITS.length - 1) {
    value /= 1024;
    unit += 1;
  }
  return `${negative}${short(value)}${BINARY_UNITS[unit]}`;
}

/** CPU cores: `250m` below one core, else `1.5`, `18`, `60`. */
export function cores(n: number): string {
  const milli = Math.round(n * 1000);
  return milli !== 0 && Math.abs(milli) < 1000 ? `${milli}m` : short(n);
}

/** One decimal below ten, none above; no trailing `.0`. */
function short(value: number): string {
  const rounded = Math.abs(value) < 9.95 ? value.toFixed(1) : value.toFixed(0);
  return rounded.replace(/\.0$/, '');
}

/** A ratio as a percentage: `percent(0.34)` is `34%`, `percent(0.0017, 2)` is `0.17%`. */
export function percent(ratio: number, digits = 0): string {
  return `${(ratio * 100).toFixed(digits)}%`;
}

/** A whole number with thousands separated: `100,000`. */
export function count(n: number): string {
  return String(Math.round(n)).replace(/\B(?=(\d{3})+$)/g, ',');
}

/** `1 pod`, `3 pods`; the plural is regular unless given. */
export function plural(n: number, one: string, many = `${one}s`): string {
  return `${count(n)} ${n === 1 ? one : many}`;
}

/** Display width of a text in terminal cells. Views inject the real one (string-width). */
export type Width = (text: string) => number;

const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' });
const ASCII_ONLY = /^[\x20-\x7e]*$/;
const WIDE =
  /\p{Emoji_Presentation}|[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{20000}-\u{3fffd}]/u;

/** Cells of a text by a small table: wide East Asian and emoji 2, everything else 1 per grapheme. */
export function cells(text: string): number {
  if (ASCII_ONLY.test(text)) return text.length;
  let sum = 0;
  for (const { segment } of graphemes.segment(text)) sum += WIDE.test(segment) ? 2 : 1;
  return sum;
}

const ELLIPSIS = '…';

/** Cuts a name in the middle, so that both its beginning and its distinguishing end stay: `airfl…r-6c8b`. */
export function middle(text: string, width: number, measure: Width = cells): string {
  if (measure(text) <= width) return text;
  if (width < 1) return '';
  const head = take(split(text), Math.floor((width - 1) / 2), measure);
  const tail = take(split(text).reverse(), width - 1 - measure(head.join('')), measure).reverse();
  return head.join('') + ELLIPSIS + tail.join('');
}

/** Cuts a sentence at its end: `connect ETIMEDO…`. */
export function end(text: string, width: number, measure: Width = cells): string {
  if (measure(text) <= width) return text;
  return width < 1 ? '' : take(split(text), width - 1, measure).join('') + ELLIPSIS;
}

function split(text: string): string[] {
  return Array.from(graphemes.segment(text), ({ segment }) => segment);
}

/** The longest run from the front that fits `width` cells. */
function take(parts: readonly string[], width: number, measure: Width): string[] {
  let used = 0;
  const taken: string[] = [];
  for (const part of parts) {
    used += measure(part);
    if (used > width) break;
    taken.push(part);
  }
  return taken;
}
