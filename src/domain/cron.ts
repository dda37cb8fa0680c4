/** Five-field cron expressions in UTC: when a schedule was last due. */

interface Schedule {
  readonly minutes: ReadonlySet<number>;
  readonly hours: ReadonlySet<number>;
  readonly days: ReadonlySet<number>;
  readonly months: ReadonlySet<number>;
  readonly weekdays: ReadonlySet<number>;
  /** Day of month and day of week are alternatives when both are restricted. */
  readonly eitherDay: boolean;
}

const MACROS: Readonly<Record<string, string>> = {
  '@yearly': '0 0 1 1 *',
  '@annually': '0 0 1 1 *',
  '@monthly': '0 0 1 * *',
  '@weekly': '0 0 * * 0',
  '@daily': '0 0 * * *',
  '@midnight': '0 0 * * *',
  '@hourly': '0 * * * *',
};
const MONTH_NAMES = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const DAY_NAMES = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'];

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
/** A schedule such as "29 February" is due once in four years. */
const LOOK_BACK_DAYS = 4 * 366;

/** The newest time at or before `now` at which the schedule was due, in UTC; undefined if it cannot be read. */
export function previousDue(expression: string, now: number): number | undefined {
  const schedule = parse(expression);
  if (schedule === undefined) return undefined;
  const today = Math.floor(now / DAY) * DAY;
  for (let back = 0; back <= LOOK_BACK_DAYS; back += 1) {
    const midnight = today - back * DAY;
    if (!isDueOn(schedule, new Date(midnight))) continue;
    const due = lastMinute(schedule, midnight, now);
    if (due !== undefined) return due;
  }
  return undefined;
}

function parse(expression: string): Schedule | undefined {
  const text = MACROS[expression.trim().toLowerCase()] ?? expression;
  const [minute, hour, day, month, weekday, ...more] = text.trim().split(/\s+/);
  if (weekday === undefined || more.length > 0) return undefined;
  const minutes = field(minute, 0, 59);
  const hours = field(hour, 0, 23);
  const days = field(day, 1, 31);
  const months = field(month, 1, 12, MONTH_NAMES);
  const weekdays = field(weekday, 0, 7, DAY_NAMES);
  if (!minutes || !hours || !days || !months || !weekdays) return undefined;
  if (weekdays.has(7)) weekdays.add(0);
  return { minutes, hours, days, months, weekdays, eitherDay: !isOpen(day) && !isOpen(weekday) };
}

function isOpen(text: string | undefined): boolean {
  return text === undefined || text.startsWith('*') || text === '?';
}

/** `*`, `5`, `1-5`, every tenth, `1-30/2` and lists of them, with names for months and days. */
function field(text = '', low: number, high: number, names: readonly string[] = []): Set<number> | undefined {
  const values = new Set<number>();
  for (const part of text.toLowerCase().split(',')) {
    const match = /^(\*|\?|[a-z0-9]+)(?:-([a-z0-9]+))?(?:\/(\d+))?$/.exec(part);
    if (match === null) return undefined;
    const [, first = '', last, step] = match;
    const open = first === '*' || first === '?';
    const from = open ? low : numberOf(first, low, names);
    const to = last === undefined ? (open || step ? high : from) : numberOf(last, low, names);
    const stride = Number(step ?? 1);
    if (!(from >= low && to <= high && from <= to && stride > 0)) return undefined;
    for (let value = from; value <= to; value += stride) values.add(value);
  }
  return values;
}

function numberOf(text: string, low: number, names: readonly string[]): number {
  const index = names.indexOf(text);
  return index >= 0 ? index + low : Number(text);
}

function isDueOn(schedule: Schedule, day: Date): boolean {
  if (!schedule.months.has(day.getUTCMonth() + 1)) return false;
  const byDate = schedule.days.has(day.getUTCDate());
  const byWeekday = schedule.weekdays.has(day.getUTCDay());
  return schedule.eitherDay ? byDate || byWeekday : byDate && byWeekday;
}

function lastMinute(schedule: Schedule, midnight: number, now: number): number | undefined {
  const latest = Math.min(now, midnight + DAY - MINUTE);
  for (let hour = 23; hour >= 0; hour -= 1) {
    if (!schedule.hours.has(hour)) continue;
    for (let minute = 59; minute >= 0; minute -= 1) {
      const at = midnight + (hour * 60 + minute) * MINUTE;
      if (at <= latest && schedule.minutes.has(minute)) return at;
    }
  }
  return undefined;
}
