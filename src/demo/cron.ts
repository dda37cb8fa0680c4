const RANGES: readonly (readonly [number, number])[] = [
  [0, 59],
  [0, 23],
  [1, 31],
  [1, 12],
  [0, 6],
];

/** Names that the last two fields may use, each standing for its number. */
const NAMES: ReadonlyMap<string, number> = new Map([
  ...'jan feb mar apr may jun jul aug sep oct nov dec'.split(' ').map((name, i) => [name, i + 1] as const),
  ...'sun mon tue wed thu fri sat'.split(' ').map((name, i) => [name, i] as const),
]);

const MINUTE_MS = 60_000;
const HORIZON_MINUTES = 366 * 24 * 60;

/** A parsed 5-field schedule: the allowed values of minute, hour, day of month, month and day of week. */
export type Cron = readonly ReadonlySet<number>[];

/** Parses `m h dom mon dow` with `*`, lists, ranges, steps and names (and the @-words); undefined when it is not one. */
export function parseCron(schedule: string): Cron | undefined {
  const words: Readonly<Record<string, string>> = {
    '@hourly': '0 * * * *',
    '@daily': '0 0 * * *',
    '@midnight': '0 0 * * *',
    '@weekly': '0 0 * * 0',
    '@monthly': '0 0 1 * *',
    '@yearly': '0 0 1 1 *',
  };
  const fields = (words[schedule] ?? schedule).trim().split(/\s+/);
  if (fields.length !== RANGES.length) return undefined;
  const sets = RANGES.map((range, i) => parseField(fields[i] ?? '', range));
  return sets.every((set) => set !== undefined) ? (sets as Cron) : undefined;
}

function parseField(field: string, [low, high]: readonly [number, number]): ReadonlySet<number> | undefined {
  const values = new Set<number>();
  const numbers = field
    .toLowerCase()
    .replace('?', '*')
    .replace(/[a-z]{3}/g, (name) => String(NAMES.get(name) ?? name));
  for (const part of numbers.split(',')) {
    const match = /^(\*|(\d+)(?:-(\d+))?)(?:\/(\d+))?$/.exec(part);
    if (!match) return undefined;
    const step = Number(match[4] ?? 1);
    const first = match[1] === '*' ? low : Number(match[2]);
    const last = match[1] === '*' ? high : Number(match[3] ?? (match[4] === undefined ? match[2] : high));
    if (step === 0 || first < low || last > high + (high === 6 ? 1 : 0)) return undefined;
    for (let value = first; value <= last; value += step) values.add(high === 6 ? value % 7 : value);
  }
  return values;
}

/** The first moment strictly after `after` (epoch ms) that the schedule names, in UTC; undefined if none within a year. */
export function nextRun(cron: Cron, after: number): number | undefined {
  const [minutes, hours, days, months, weekdays] = cron;
  if (!minutes || !hours || !days || !months || !weekdays) return undefined;
  const first = (Math.floor(after / MINUTE_MS) + 1) * MINUTE_MS;
  const eitherDay = days.size < 31 && weekdays.size < 7;
  for (let time = first; time < first + HORIZON_MINUTES * MINUTE_MS; time += MINUTE_MS) {
    const date = new Date(time);
    const byDay = days.has(date.getUTCDate());
    const byWeekday = weekdays.has(date.getUTCDay());
    const dayFits = eitherDay ? byDay || byWeekday : byDay && byWeekday;
    if (!months.has(date.getUTCMonth() + 1) || !dayFits) {
      time = nextDay(time) - MINUTE_MS;
      continue;
    }
    if (hours.has(date.getUTCHours()) && minutes.has(date.getUTCMinutes())) return time;
  }
  return undefined;
}

function nextDay(time: number): number {
  const day = 24 * 60 * MINUTE_MS;
  return (Math.floor(time / day) + 1) * day;
}
