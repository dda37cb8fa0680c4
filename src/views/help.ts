/** The text of `?`: every binding, with why it does not work below the help. */
import { helpGroups } from './bindings.ts';
import { compileText } from './filter.ts';
import { withUi } from './interaction/layers.ts';
import type { ScreenModel } from './model.ts';

const KEYS_WIDTH = 22;

/** Lines of the help; a search keeps the entries that match it, and the sections that have any. */
export function helpLines(model: ScreenModel, search: string): readonly string[] {
  const filter = compileText(search);
  if (filter.error !== undefined) return [filter.error];
  const below = withUi(model, underHelp(model));
  const sections = helpGroups(below).flatMap(({ group, entries }) => {
    const lines = entries.map(
      ({ keys, label, disabled }) =>
        `  ${keys.padEnd(KEYS_WIDTH)}${label}${disabled === undefined ? '' : `  – ${disabled}`}`,
    );
    const found = lines.filter((line) => search === '' || filter.test(line));
    return found.length === 0 ? [] : [group, ...found, ''];
  });
  return sections.length > 0 ? sections.slice(0, -1) : [`no key matches "${search}"`];
}

/** The screen that the help lies on: what works there is what the reader wants to know. */
function underHelp(model: ScreenModel): ScreenModel['ui'] {
  return { ...model.ui, viewers: model.ui.viewers.filter((viewer) => viewer.kind !== 'help') };
}
