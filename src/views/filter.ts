/** The language of `/`: what rows (and lines of a viewer) a typed text selects. Nothing here throws. */
import { RE2JS, RE2JSException } from 're2js';

/** Searchable cells of a row. Numbers are bytes, cores, seconds or plain counts; they match only by column. */
export type FilterColumns = Readonly<Record<string, string | number>>;

/** A compiled filter; with an `error` it selects everything, so that a half-typed regex hides nothing. */
export interface Filter {
  readonly error?: string;
  test(columns: FilterColumns): boolean;
}

/** A compiled search of plain lines. */
export interface TextFilter {
  readonly error?: string;
  test(line: string): boolean;
}

type Test = (columns: FilterColumns) => boolean;
type TextTest = (text: string) => boolean;

/** A term the user got wrong; the message is shown to them. */
class FilterError extends Error {}

/**
 * Compiles a filter. Terms are separated by spaces and all must hold: `text` (in any cell, without regard to
 * case unless it has capitals), `"two words"`, `~regex` or `/regex/`, `column:value` (value may be a regex),
 * `column=value` (exactly), `column>5`, `column<=2h`, each inverted by a leading `!`. A column may be shortened to its beginning. A term
 * with `:` that names no column of the row is plain text, as in `kubectl:v1.31`. Regexes run in linear time.
 */
export function compileFilter(text: string): Filter {
  try {
    const tests = terms(text).map(compileTerm);
    return { test: (columns) => tests.every((test) => test(columns)) };
  } catch (error) {
    return { error: messageOf(error), test: () => true };
  }
}

/** Compiles a search of lines: plain text with its spaces, or one `~regex` or `/regex/`. */
export function compileText(text: string): TextFilter {
  try {
    return { test: textTest(text) };
  } catch (error) {
    return { error: messageOf(error), test: () => false };
  }
}

function messageOf(error: unknown): string {
  if (error instanceof FilterError || error instanceof RE2JSException) return error.message;
  return `cannot use this filter: ${String(error)}`;
}

/** A regex between slashes or a quoted text may hold spaces; so may the value after `column:`. */
const TERM = /!?(?:[\w.-]+[:<>=]+)?(?:\/(?:\\.|[^/\\])*\/(?=\s|$)|"[^"]*"?)|\S+/g;

function terms(text: string): readonly string[] {
  return text.match(TERM) ?? [];
}

const COMPARISON = /^([a-z][\w.-]*)(<=|>=|<|>|=)(.*)$/i;
const COLUMN = /^([a-z][\w.-]*):(.*)$/i;

function compileTerm(term: string): Test {
  if (term.startsWith('!')) {
    const rest = term.slice(1);
    if (rest === '') return () => true;
    const test = compileTerm(rest);
    return (columns) => !test(columns);
  }
  const [, column = '', operator = '', operand = ''] = COMPARISON.exec(term) ?? [];
  if (column !== '') return comparison(column, operator, operand);
  const [, name = '', value = ''] = COLUMN.exec(term) ?? [];
  const anywhere = cellsTest(textTest(term));
  if (name === '') return anywhere;
  const inColumn = textTest(value);
  return (columns) => {
    const cell = cellOf(columns, name);
    if (cell === undefined) return anywhere(columns);
    return typeof cell === 'number' ? value === '' || numberOf(value, name) === cell : inColumn(cell);
  };
}

function cellsTest(test: TextTest): Test {
  return (columns) => Object.values(columns).some((cell) => typeof cell === 'string' && test(cell));
}

/** One piece of text to look for: a regex between slashes or after `~`, a quoted text, or the text itself. */
function textTest(text: string): TextTest {
  if (text.startsWith('~')) return regexTest(text.slice(1));
  if (text.startsWith('/')) return regexTest(text.replace(/^\/|\/$/g, ''));
  const plain = text.replace(/^"([^"]*)"?$/, '$1');
  if (hasCapitals(plain)) return (value) => value.includes(plain);
  return (value) => value.toLowerCase().includes(plain);
}

/** RE2 semantics: no back-references, and time linear in the input whatever the pattern. */
function regexTest(pattern: string): TextTest {
  if (pattern === '') return () => true;
  const regex = RE2JS.compile(pattern, hasCapitals(pattern) ? 0 : RE2JS.CASE_INSENSITIVE);
  return (value) => regex.test(value);
}

/** Smart case: a capital letter makes the search exact. Classes such as `\S` are not letters. */
function hasCapitals(text: string): boolean {
  return /\p{Lu}/u.test(text.replace(/\\./g, ''));
}

const ALIASES: Readonly<Record<string, string>> = { ns: 'namespace', mem: 'memory' };

/** The cell of a column named in full, by alias or by its beginning. */
function cellOf(columns: FilterColumns, typed: string): string | number | undefined {
  const lower = typed.toLowerCase();
  const name = ALIASES[lower] ?? lower;
  if (Object.hasOwn(columns, name)) return columns[name];
  const full = Object.keys(columns).find((column) => name.length > 1 && column.startsWith(name));
  return full === undefined ? undefined : columns[full];
}

function comparison(column: string, operator: string, operand: string): Test {
  if (operand === '') return () => true;
  const bound = numberOf(operand, column);
  if (bound === undefined && operator !== '=')
    throw new FilterError(`"${operand}" is not a number (try 5, 500Mi, 250m, 2h or 80%)`);
  return (columns) => {
    const cell = cellOf(columns, column);
    if (typeof cell !== 'number') return operator === '=' && cell?.toLowerCase() === operand.toLowerCase();
    return bound !== undefined && holds(cell, operator, bound);
  };
}

function holds(value: number, operator: string, bound: number): boolean {
  switch (operator) {
    case '<':
      return value < bound;
    case '<=':
      return value <= bound;
    case '>':
      return value > bound;
    case '>=':
      return value >= bound;
    default:
      return value === bound;
  }
}

const UNITS: Readonly<Record<string, number>> = {
  '': 1,
  '%': 1,
  s: 1,
  m: 60,
  h: 3600,
  d: 86_400,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
  Ti: 2 ** 40,
};

/** A number with unit in the base unit of its column: `m` is a thousandth of a core for cpu, else a minute. */
function numberOf(text: string, column: string): number | undefined {
  const [, digits = '', unit = ''] = /^(-?\d+(?:\.\d+)?)([a-zA-Z%]*)$/.exec(text) ?? [];
  if (digits === '') return undefined;
  const factor = unit === 'm' && column.toLowerCase() === 'cpu' ? 0.001 : UNITS[unit];
  return factor === undefined ? undefined : Number(digits) * factor;
}
