import { expect, test } from 'vitest';
import { compileFilter, compileText } from '../../src/views/filter.ts';

const ROW = {
  namespace: 'airflow',
  name: 'airflow-webserver-6c8b',
  status: 'CrashLoopBackOff',
  image: 'bitnami/kubectl:v1.31.3',
  restarts: 98,
  memory: 980 * 2 ** 20,
  cpu: 0.25,
  age: 2 * 3600,
};

test.each([
  ['', true],
  ['   ', true],
  ['webserver', true],
  ['WEBSERVER', false], // capitals make it exact
  ['crashloop', true],
  ['CrashLoop', true],
  ['crashLoop', false],
  ['velero', false],
  ['98', false], // numbers match only by column
  ['airflow webserver', true], // all terms must hold
  ['airflow velero', false],
  ['"airflow-webserver"', true],
  ['"airflow webserver"', false],
  ['!velero', true],
  ['!airflow', false],
  ['!', true], // begun, not finished
  ['~^airflow-web.*[0-9a-f]{4}$', true],
  ['/web|velero/', true],
  ['/^web/', false],
  ['/two words/', false],
  ['!~velero', true],
  ['!/web/', false],
  ['status:crash', true],
  ['status:running', false],
  ['!status:running', true],
  ['namespace:airflow', true],
  ['ns:airflow', true],
  ['name:~-6c8b$', true],
  ['name:/^air/', true],
  ['stat:crash', true], // a column by its beginning
  ['status=CrashLoopBackOff', true],
  ['status=Crash', false],
  ['kubectl:v1.31.3', true], // no such column, so it is text
  ['kubectl:v1.32', false],
  ['restarts:98', true],
  ['restarts:9', false],
  ['restarts>5', true],
  ['restarts>98', false],
  ['restarts>=98', true],
  ['restarts<5', false],
  ['restarts<=98', true],
  ['restarts=98', true],
  ['!restarts>5', false],
  ['restarts>', true], // begun, not finished
  ['memory>500Mi', true],
  ['mem>1Gi', false],
  ['cpu<300m', true],
  ['cpu<200m', false],
  ['age<3h', true],
  ['age>3h', false],
  ['age>90m', true],
  ['name>5', false], // a word is not more than a number
  ['nosuch>5', false],
])('filter %j', (text, expected) => {
  const filter = compileFilter(text);
  expect(filter.error).toBeUndefined();
  expect(filter.test(ROW)).toBe(expected);
});

test.each([
  ['~(', /missing/],
  ['/(/', /missing/],
  ['name:~[', /missing/],
  ['restarts>many', /not a number/],
  ['memory>5X', /not a number/],
  ['~(?=x)', /./],
  ['~(a)\\1', /./],
  ['~a{9999}', /./],
])('filter %j says what is wrong and hides nothing', (text, message) => {
  const filter = compileFilter(text);
  expect(filter.error).toMatch(message);
  expect(filter.test(ROW)).toBe(true);
});

test('a pattern that would take for ever with backtracking ends', () => {
  const evil = compileFilter('~(a+)+$');
  expect(evil.test({ name: `${'a'.repeat(10_000)}!` })).toBe(false);
  expect(evil.test({ name: 'a'.repeat(10_000) })).toBe(true);
});

test.each([
  ['back-off restarting', 'Warning Back-off restarting failed container', true],
  ['Back-off', 'Warning Back-off', true],
  ['restarting back-off', 'Warning Back-off restarting', false], // a search keeps its order
  ['~warn.*back', 'Warning Back-off', true],
  ['/ERROR|FATAL/', 'level=error', false],
  ['', 'anything', true],
])('search %j in %j', (text, line, expected) => {
  expect(compileText(text).test(line)).toBe(expected);
});

test('a broken search finds nothing and says why', () => {
  const search = compileText('~(');
  expect(search.error).toMatch(/missing/);
  expect(search.test('(')).toBe(false);
});
