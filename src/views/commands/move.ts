/** Moving about, between and within lists and texts. */
import { nextList } from '../interaction/layers.ts';
import { oneListReason } from '../interaction/reasons.ts';
import { listSource } from '../interaction/sources.ts';
import { type Command, LIST, OPEN } from './command.ts';

export const MOVE_COMMANDS = [
  {
    id: 'move.line',
    keys: ['up', 'down', 'k', 'j'],
    label: 'move',
    about: 'one row up or down',
    group: 'Move',
    where: OPEN,
    burst: true,
    hint: '↑↓',
    footer: 1,
  },
  {
    id: 'move.page',
    keys: ['pageup', 'pagedown'],
    label: 'page',
    about: 'one page up or down',
    group: 'Move',
    where: OPEN,
    burst: true,
  },
  {
    id: 'move.end',
    keys: ['g', 'home', 'G', 'end'],
    label: 'first/last',
    about: 'to the first or last row',
    group: 'Move',
    where: OPEN,
    burst: true,
  },
  {
    id: 'tab',
    keys: ['1', '2', '3', '4', '5', '6', '7', '8', '9'],
    label: 'tab',
    about: 'to the tab of that number',
    group: 'Move',
    where: LIST,
    hint: '1-9',
  },
  {
    id: 'list.next',
    keys: ['tab', 'shift-tab'],
    label: 'next list',
    about: 'to the next or previous list of the tab',
    group: 'Move',
    where: LIST,
    hint: 'tab',
    footer: 4,
    footerLabel: ({ ui }) => `${listSource[nextList(ui, 1)].noun}s`,
    disabledReason: oneListReason,
  },
  {
    id: 'back',
    keys: ['escape'],
    label: 'back',
    about: 'close the topmost thing, then clear the filter; never quits',
    group: 'Move',
    where: OPEN,
  },
] as const satisfies readonly Command[];
