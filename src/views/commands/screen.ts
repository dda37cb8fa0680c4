/** The console itself. */
import type { ScreenModel } from '../model.ts';
import { ALWAYS, type Command, LIST, OPEN, VIEWER } from './command.ts';

const lost = (model: ScreenModel) => model.connection.status === 'lost';

export const SCREEN_COMMANDS = [
  {
    id: 'palette',
    keys: [':'],
    label: 'palette',
    about: 'go to a tab, list, object, namespace or context, or run a command, by name',
    group: 'Screen',
    where: OPEN,
    footer: 8.5,
  },
  {
    id: 'context',
    keys: ['C'],
    label: 'context',
    about: 'choose another kubeconfig context; works without a connection',
    group: 'Screen',
    where: LIST,
    footer: 11,
    footerWhen: lost,
  },
  {
    id: 'retry',
    keys: ['ctrl-r'],
    label: 'retry now',
    about: 'read everything that failed again, now',
    group: 'Screen',
    where: OPEN,
    footer: 1.1,
    footerWhen: lost,
  },
  {
    id: 'collectors',
    keys: ['L'],
    label: 'collector log',
    about: "state of every source and the console's log",
    group: 'Screen',
    where: OPEN,
    footer: 1.2,
    footerWhen: lost,
  },
  { id: 'help', keys: ['?', 'f1'], label: 'help', about: 'this help', group: 'Screen', where: OPEN },
  { id: 'repaint', keys: ['ctrl-l'], label: 'repaint', about: 'draw anew', group: 'Screen', where: ALWAYS },
  {
    id: 'suspend',
    keys: ['ctrl-z'],
    label: 'suspend',
    about: 'back to the shell; fg returns',
    group: 'Screen',
    where: ALWAYS,
  },
  { id: 'close', keys: ['q'], label: 'back', about: 'close the text', group: 'Screen', where: VIEWER },
  { id: 'quit', keys: ['q'], label: 'quit', about: 'quit', group: 'Screen', where: LIST },
  {
    id: 'interrupt',
    keys: ['ctrl-c'],
    label: 'quit',
    about: 'quit at once, from everywhere',
    group: 'Screen',
    where: ALWAYS,
    burst: true,
  },
] as const satisfies readonly Command[];
