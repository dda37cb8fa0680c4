/** What each command does. The bindings say when it may. */
import type { CommandId } from '../bindings.ts';
import { sortOf } from '../columns.ts';
import type { ViewerKind } from '../model.ts';
import { copyName, openLogs, openObject, openText } from './act.ts';
import {
  accept,
  cancel,
  clear,
  erase,
  eraseWord,
  moveEntry,
  openFilter,
  openPalette,
  openPicker,
} from './field.ts';
import { cycleList, goToNamespace, goToTabKey, sortBy } from './goto.ts';
import { focusedList, layerOf, topViewer } from './layers.ts';
import { type Outcome, openViewer, order, type Step, show, tell } from './outcome.ts';
import { keepSelection, moveCursor } from './selection.ts';
import {
  beginSearch,
  cancelSearch,
  closeViewer,
  copyText,
  cycleContainer,
  nextMatch,
  saveText,
  scroll,
  toggleFollow,
  togglePrevious,
  toggleWrap,
} from './text.ts';

/** Carries out a command; `key` tells apart the keys of one command, such as up and down. */
export type Handler = (step: Step, key: string) => Outcome;

const move: Handler = (step, key) => (layerOf(step.model.ui) === 'viewer' ? scroll : moveCursor)(step, key);

/** Exactly one handler for each binding. */
export const HANDLERS: Readonly<Record<CommandId, Handler>> = {
  'move.line': move,
  'move.page': move,
  'move.end': move,
  tab: goToTabKey,
  'list.next': cycleList,
  back,
  filter: openFilter,
  problems: toggleProblems,
  sort: (step) => openPicker(step, 'sort'),
  'sort.reverse': reverseSort,
  namespace: (step) => openPicker(step, 'namespace'),
  'namespace.all': (step) => goToNamespace(step, step.model.ui, ''),
  freeze: toggleFreeze,
  details: (step) => openText(step, 'details'),
  explain: (step) => openText(step, 'explain'),
  logs: (step) => openLogs(step, false),
  'logs.previous': (step) => openLogs(step, true),
  describe: (step) => openObject(step, 'describe'),
  yaml: (step) => openObject(step, 'yaml'),
  events: (step) => openObject(step, 'events'),
  copy: copyName,
  'text.copy': copyText,
  'text.save': saveText,
  'text.search': beginSearch,
  'text.match': nextMatch,
  'text.wrap': toggleWrap,
  'log.follow': toggleFollow,
  'log.previous': togglePrevious,
  'log.container': (step) => openPicker(step, 'container'),
  'log.cycle': cycleContainer,
  palette: openPalette,
  context: (step) => openPicker(step, 'context'),
  retry: (step) => order(step, { type: 'retry' }),
  collectors: (step) => openOwnText(step, 'collectors', 'collector log'),
  help: (step) => openOwnText(step, 'help', 'help'),
  repaint: (step) => order(step, { type: 'repaint' }),
  suspend: (step) => order(step, { type: 'suspend' }),
  close: closeViewer,
  quit: (step) => order(step, { type: 'quit' }),
  interrupt: (step) => order(step, { type: 'quit' }),
  'field.accept': (step) => accept(step, (closed, id) => HANDLERS[id as CommandId](closed, '')),
  'field.cancel': cancel,
  'field.move': moveEntry,
  'field.erase': erase,
  'field.word': eraseWord,
  'field.clear': clear,
};

/** Closes the topmost thing: the search of a viewer, the viewer, then the filter. */
function back(step: Step): Outcome {
  const { ui } = step.model;
  const viewer = topViewer(ui);
  if (viewer === undefined) return show(keepSelection(step, { ...ui, filter: '' }));
  return viewer.search === undefined ? closeViewer(step) : cancelSearch(step);
}

function toggleProblems(step: Step): Outcome {
  const { ui } = step.model;
  const problemsOnly = !ui.problemsOnly;
  const changed = keepSelection(step, { ...ui, problemsOnly });
  return tell(changed, step.clock, problemsOnly ? 'problems only' : 'healthy ones too');
}

function reverseSort(step: Step): Outcome {
  const { ui } = step.model;
  const list = focusedList(ui);
  const { column, descending } = sortOf(list, ui.lists[list]);
  return sortBy(step, ui, column, !descending);
}

/** Freezing keeps the moment that is on the screen. */
function toggleFreeze(step: Step): Outcome {
  const { frozenAt, ...ui } = step.model.ui;
  return frozenAt === undefined
    ? tell({ ...ui, frozenAt: step.model.now }, step.clock, 'frozen: f goes on')
    : tell(ui, step.clock, 'live again');
}

/** Opens a text about the console itself; its key closes it again. */
function openOwnText(step: Step, kind: ViewerKind & ('help' | 'collectors'), title: string): Outcome {
  if (topViewer(step.model.ui)?.kind === kind) return closeViewer(step);
  return openViewer(step.model.ui, { kind, title, top: 0, wrap: true });
}
