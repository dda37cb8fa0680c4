/** The entries of the small lists to choose from: contexts, namespaces, containers, sort columns. */
import { directionText, SORT_COLUMNS, sortOf } from './columns.ts';
import { compileText } from './filter.ts';
import { focusedList, topViewer } from './interaction/layers.ts';
import type { ScreenModel } from './model.ts';

/** One thing to choose; `current` marks what is in use. */
export interface PickerEntry {
  readonly id: string;
  readonly label: string;
  readonly detail?: string;
  readonly current?: boolean;
}

const ALL_NAMESPACES: PickerEntry = { id: '', label: 'all namespaces' };

/** The entries of the open picker that match what was typed; none without a picker. */
export function pickerEntries(model: ScreenModel): readonly PickerEntry[] {
  const typed = compileText(model.ui.picker?.text.trim() ?? '');
  return entriesOf(model).filter(({ label }) => typed.test(label));
}

function entriesOf(model: ScreenModel): readonly PickerEntry[] {
  const { session, ui, namespaces } = model;
  switch (ui.picker?.kind) {
    case 'context':
      return session.contexts.map((name) => entry(name, name === session.context));
    case 'namespace':
      return [
        { ...ALL_NAMESPACES, current: ui.namespace === '' },
        ...namespaces.map((name) => entry(name, name === ui.namespace)),
      ];
    case 'container': {
      const viewer = topViewer(ui);
      return (viewer?.containers ?? []).map((name) => entry(name, name === viewer?.container));
    }
    case 'sort': {
      const list = focusedList(ui);
      const now = sortOf(list, ui.lists[list]);
      return SORT_COLUMNS[list].map(({ column, descending }) => {
        const current = column === now.column;
        return {
          ...entry(column, current),
          detail: directionText(current ? now : { column, descending }),
        };
      });
    }
    case undefined:
      return [];
  }
}

function entry(name: string, current: boolean): PickerEntry {
  return { id: name, label: name, current };
}
