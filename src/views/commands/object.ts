/** Looking at the selected object, or the one a text is about. */

import { topViewer } from '../interaction/layers.ts';
import { clusterReason, logsReason, objectReason } from '../interaction/reasons.ts';
import type { ScreenModel, ViewerKind } from '../model.ts';
import { type Command, LIST, NOT_LOGS, OPEN, VIEWER } from './command.ts';

/** A text that is open already needs no hint in the footer. */
const unlessOpen = (kind: ViewerKind) => (model: ScreenModel) => topViewer(model.ui)?.kind !== kind;

/** Findings are explained, objects described: the footer offers what is asked for first. */
const onFindings = ({ ui }: ScreenModel) => ui.tab === 'triage';

export const OBJECT_COMMANDS = [
  {
    id: 'details',
    keys: ['enter'],
    label: 'open',
    about: 'all that is known of the selected object',
    group: 'Object',
    where: LIST,
    hint: '⏎',
    footer: 3,
    disabledReason: objectReason,
  },
  {
    id: 'explain',
    keys: ['x'],
    label: 'explain',
    about: 'why it has its verdict, and what to do',
    group: 'Object',
    where: OPEN,
    footer: 6,
    footerWhen: (model) => (onFindings(model) || VIEWER.holds(model)) && unlessOpen('explain')(model),
    disabledReason: objectReason,
  },
  {
    id: 'logs',
    keys: ['l'],
    label: 'logs',
    about: 'logs of the pod, following',
    group: 'Object',
    where: NOT_LOGS,
    footer: 5,
    disabledReason: logsReason,
  },
  {
    id: 'logs.previous',
    keys: ['p'],
    label: 'previous logs',
    about: 'logs from before the last restart',
    group: 'Object',
    where: NOT_LOGS,
    disabledReason: logsReason,
  },
  {
    id: 'describe',
    keys: ['d'],
    label: 'describe',
    about: 'the object in words, as kubectl describe',
    group: 'Object',
    where: OPEN,
    footer: 5.5,
    footerWhen: (model) => (!onFindings(model) || VIEWER.holds(model)) && unlessOpen('describe')(model),
    disabledReason: clusterReason,
  },
  {
    id: 'yaml',
    keys: ['Y', 'y'],
    label: 'yaml',
    about: 'the object as YAML, without managedFields',
    group: 'Object',
    where: OPEN,
    disabledReason: clusterReason,
  },
  {
    id: 'events',
    keys: ['e'],
    label: 'events',
    about: 'events about the object',
    group: 'Object',
    where: OPEN,
    disabledReason: clusterReason,
  },
  {
    id: 'copy',
    keys: ['c'],
    label: 'copy name',
    about: 'copy the name of the selected object',
    group: 'Object',
    where: LIST,
    disabledReason: objectReason,
  },
] as const satisfies readonly Command[];
