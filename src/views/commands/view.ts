/** What is listed, and in which order. */
import { namespaceReason } from '../interaction/reasons.ts';
import { type Command, LIST, NOT_LOGS } from './command.ts';

export const VIEW_COMMANDS = [
  {
    id: 'filter',
    keys: ['/'],
    label: 'filter',
    about: 'filter: text, ~regex, !not, column:value, restarts>5; several terms narrow further',
    group: 'View',
    where: LIST,
    footer: 7,
  },
  {
    id: 'problems',
    keys: ['!'],
    label: 'problems',
    about: 'hide or show what is healthy',
    group: 'View',
    where: LIST,
    footer: 9,
  },
  { id: 'sort', keys: ['s'], label: 'sort', about: 'choose the sort column', group: 'View', where: LIST },
  {
    id: 'sort.reverse',
    keys: ['S'],
    label: 'reverse sort',
    about: 'reverse the order',
    group: 'View',
    where: LIST,
  },
  {
    id: 'namespace',
    keys: ['n'],
    label: 'namespace',
    about: 'choose one namespace',
    group: 'View',
    where: LIST,
    disabledReason: namespaceReason,
  },
  {
    id: 'namespace.all',
    keys: ['0'],
    label: 'all namespaces',
    about: 'show all namespaces',
    group: 'View',
    where: LIST,
  },
  {
    id: 'freeze',
    keys: ['f'],
    label: 'freeze',
    about: 'hold the screen still; again to go on',
    group: 'View',
    where: NOT_LOGS,
  },
] as const satisfies readonly Command[];
