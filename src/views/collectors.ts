/** The text of `L`: how each source is doing, then the console's own log. */
import { age, clockTime, relative } from '../domain/format.ts';
import type { CollectError, Snapshot } from '../domain/snapshot.ts';
import { SOURCE_NAMES } from '../domain/state.ts';
import type { ScreenModel } from './model.ts';

const NAME_WIDTH = 16;

/** Lines of the collector log, newest entries last. */
export function collectorLines(model: ScreenModel): readonly string[] {
  const log = model.log.map(({ at, text }) => ` ${clockTime(at)}  ${text}`);
  return [
    'Sources',
    ...SOURCE_NAMES.flatMap((name) => sourceLines(name, model.state[name], model.now)),
    '',
    'Log',
    ...(log.length > 0 ? log : [' nothing logged yet']),
  ];
}

/** How one source is doing, with what to do about its failure. */
export function sourceLines(name: string, snapshot: Snapshot<unknown>, now: number): readonly string[] {
  const head = ` ${name.padEnd(NAME_WIDTH)}`;
  const more = ' '.repeat(NAME_WIDTH + 3);
  switch (snapshot.status) {
    case 'pending':
      return [`${head}starting${snapshot.loaded === undefined ? '' : `, ${snapshot.loaded} read`}`];
    case 'live':
      return [`${head}live ${age(now - snapshot.observedAt)}`];
    case 'stale':
      return [
        `${head}stale ${age(now - snapshot.observedAt)}`,
        ...errorLines(snapshot.error, now).map((text) => more + text),
      ];
    case 'failed':
      return [`${head}failed`, ...errorLines(snapshot.error, now).map((text) => more + text)];
    case 'absent':
      return [`${head}not installed: ${snapshot.reason}`];
  }
}

/** A failure as the user needs it: what happened, what is missed, the fix, the next try. */
function errorLines(error: CollectError, now: number): readonly string[] {
  const tries = error.attempt === undefined ? '' : ` (attempt ${error.attempt})`;
  return [
    `${error.kind}: ${error.message}`,
    ...(error.missing === undefined ? [] : [`what you miss: ${error.missing}`]),
    ...(error.fix === undefined ? [] : [`fix: ${error.fix}`]),
    ...(error.nextTryAt === undefined ? [] : [`next try ${relative(error.nextTryAt, now)}${tries}`]),
  ];
}
