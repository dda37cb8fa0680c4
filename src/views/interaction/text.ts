/** Commands of the text viewers: scrolling, searching, following, containers, copying. */
import { compileText } from '../filter.ts';
import type { UiState, Viewer, ViewerContent } from '../model.ts';
import {
  clampTop,
  contentOf,
  findMatch,
  type LineRange,
  rangeOf,
  searchOf,
  viewerSize,
  visibleLines,
} from '../viewer.ts';
import { topViewer, withUi } from './layers.ts';
import { changeViewer, type Outcome, order, refuse, type Step, show, withViewers } from './outcome.ts';
import { destination } from './selection.ts';

/** What a viewer shows now and how far it can scroll. */
interface Reading {
  readonly viewer: Viewer;
  readonly content: ViewerContent;
  readonly range: LineRange;
  readonly top: number;
}

/** Runs a command on the top viewer, whose content may not have come yet. */
function reading(step: Step, act: (reading: Reading) => Outcome): Outcome {
  const viewer = topViewer(step.model.ui);
  if (viewer === undefined) return show(step.model.ui);
  const content = contentOf(step.model) ?? { status: 'loading', lines: [] };
  const range = rangeOf(viewer, content, viewerSize(step.model));
  const top = viewer.follow === true ? range.max : clampTop(viewer.top, range);
  return act({ viewer, content, range, top });
}

/** Scrolls; reaching the end of logs follows them again, leaving it stands still. */
export function scroll(step: Step, key: string): Outcome {
  return reading(step, ({ viewer, range, top }) => {
    const page = Math.max(1, viewerSize(step.model).height - 1);
    const first = key === 'g' || key === 'home';
    const aim = first ? range.min : destination(key, top, page, range.max);
    const next = clampTop(aim, range);
    const follow =
      viewer.kind === 'logs' && viewer.previous !== true && aim >= range.max && next >= top && !first;
    return changeViewer(step.model.ui, (open) => ({ ...open, top: next, ...following(viewer, follow) }));
  });
}

/** Only logs can follow; other viewers keep no such property. */
function following(viewer: Viewer, follow: boolean): Partial<Viewer> {
  return viewer.kind === 'logs' ? { follow } : {};
}

/** Starts or stops following the log; stopped, it stands where it was. */
export function toggleFollow(step: Step): Outcome {
  return reading(step, ({ viewer, top }) =>
    changeViewer(step.model.ui, (open) => ({ ...open, top, follow: viewer.follow !== true })),
  );
}

/** Wraps long lines or cuts them; the first visible line stays. */
export function toggleWrap(step: Step): Outcome {
  return reading(step, ({ viewer, top }) =>
    changeViewer(step.model.ui, (open) => ({ ...open, top, wrap: viewer.wrap !== true })),
  );
}

/** Opens an empty search field. */
export function beginSearch(step: Step): Outcome {
  return changeViewer(step.model.ui, ({ match: _match, ...viewer }) => ({
    ...viewer,
    search: '',
    searching: true,
  }));
}

/** Ends typing and goes to the first match from the top of what is visible; an empty search is none. */
export function acceptSearch(step: Step): Outcome {
  const ui = endTyping(step.model.ui);
  const search = topViewer(ui)?.search ?? '';
  if (search === '') return cancelSearch(step);
  const error = compileText(search).error;
  if (error !== undefined) return refuse(step.model.ui, step.clock, error);
  const accepted = { ...step, model: withUi(step.model, ui) };
  return reading(accepted, ({ viewer, top }) =>
    viewer.kind === 'help' ? show(ui) : jumpToMatch(accepted, top, 1),
  );
}

/** Ends typing and forgets the search. */
export function cancelSearch(step: Step): Outcome {
  return changeViewer(endTyping(step.model.ui), ({ search: _search, match: _match, ...viewer }) => viewer);
}

function endTyping(ui: UiState): UiState {
  return changeViewer(ui, ({ searching: _searching, ...viewer }) => viewer).ui;
}

/** To the next match (`n`) or the one before (`N`). */
export function nextMatch(step: Step, key: string): Outcome {
  return reading(step, ({ viewer, top }) => {
    const direction = key === 'N' ? -1 : 1;
    return jumpToMatch(step, viewer.match === undefined ? top : viewer.match + direction, direction);
  });
}

function jumpToMatch(step: Step, start: number, direction: 1 | -1): Outcome {
  return reading(step, ({ viewer, content, range, top }) => {
    const search = searchOf(viewer);
    const match = search === undefined ? undefined : findMatch(search, content, start, direction);
    if (match === undefined)
      return refuse(step.model.ui, step.clock, `no line matches "${viewer.search ?? ''}"`);
    const { height } = viewerSize(step.model);
    const visible = match >= top && match < top + height;
    const next = visible ? top : clampTop(match - Math.floor(height / 3), range);
    return changeViewer(step.model.ui, (open) => ({
      ...open,
      match,
      top: next,
      ...following(viewer, false),
    }));
  });
}

/** Switches between the present run of the container and the one before. */
export function togglePrevious(step: Step): Outcome {
  return changeViewer(step.model.ui, (viewer) => {
    const previous = viewer.previous !== true;
    return fromStart({ ...viewer, previous, follow: true });
  });
}

/** Shows the logs of another container. */
export function chooseContainer(ui: UiState, container: string): Outcome {
  return changeViewer(ui, (viewer) => fromStart({ ...viewer, container, follow: true }));
}

/** Shows the logs of the container before or after the present one. */
export function cycleContainer(step: Step, key: string): Outcome {
  const viewer = topViewer(step.model.ui);
  const names = viewer?.containers ?? [];
  const at = names.indexOf(viewer?.container ?? '') + (key === 'left' ? -1 : 1);
  const container = names.at(at % Math.max(1, names.length));
  return container === undefined ? show(step.model.ui) : chooseContainer(step.model.ui, container);
}

function fromStart({ match: _match, ...viewer }: Viewer): Viewer {
  return { ...viewer, top: 0 };
}

/** What terminals reliably take by OSC 52, in characters. */
const MAX_COPY = 48 * 1024;

/** Copies the whole text, or the visible part when the whole is too long for a terminal. */
export function copyText(step: Step): Outcome {
  return reading(step, ({ viewer, content }) => {
    if (content.lines.length === 0) return refuse(step.model.ui, step.clock, 'there is no text to copy yet');
    const whole = content.lines.join('\n');
    if (whole.length <= MAX_COPY) return order(step, { type: 'copy', text: whole, label: viewer.title });
    const { height, width } = viewerSize(step.model);
    const visible = visibleLines({ ...viewer, wrap: false }, content, height, width).lines;
    const text = visible
      .map((line) => line.text)
      .join('\n')
      .slice(0, MAX_COPY);
    return order(step, { type: 'copy', text, label: `visible part of ${viewer.title}` });
  });
}

/** Asks the app to write the text to a file. */
export function saveText(step: Step): Outcome {
  return reading(step, ({ viewer, content }) =>
    content.lines.length === 0
      ? refuse(step.model.ui, step.clock, 'there is no text to save yet')
      : order(step, { type: 'save', label: viewer.title }),
  );
}

/** Closes the top viewer. */
export function closeViewer(step: Step): Outcome {
  return withViewers(step.model.ui, step.model.ui.viewers.slice(0, -1));
}
