/** The command palette: everything that can be gone to or done, found by name. */
import { keyOf } from '../domain/collection.ts';
import { dataOf } from '../domain/snapshot.ts';
import { BINDINGS, type Binding, keyNames } from './bindings.ts';
import { listsOf, withUi } from './interaction/layers.ts';
import { allFindings } from './interaction/objects.ts';
import { withoutField } from './interaction/outcome.ts';
import type { ListId, ScreenModel, TabId } from './model.ts';

/** One line of the palette; `id` is `tab:…`, `list:…`, `command:…`, `context:…`, `namespace:…` or `row:LIST:ROW`. */
export interface PaletteEntry {
  readonly id: string;
  readonly label: string;
  readonly detail: string;
  /** Why it cannot be chosen now. */
  readonly disabled?: string;
}

const MAX_ENTRIES = 50;
/** Objects are offered from the second letter on: one letter matches nearly all of them. */
const MIN_OBJECT_TEXT = 2;

const memo = new WeakMap<ScreenModel, readonly PaletteEntry[]>();

/** The entries that match the typed text, best first. Names match by their parts or by letters in order. */
export function paletteEntries(model: ScreenModel): readonly PaletteEntry[] {
  let entries = memo.get(model);
  if (entries === undefined) {
    entries = findEntries(model);
    memo.set(model, entries);
  }
  return entries;
}

function findEntries(model: ScreenModel): readonly PaletteEntry[] {
  const text = model.ui.prompt?.text.trim().toLowerCase() ?? '';
  const fixed = [
    ...placeEntries(model),
    ...commandEntries(model),
    ...contextEntries(model),
    ...namespaceEntries(model),
  ];
  if (text === '') return fixed.slice(0, MAX_ENTRIES);
  const ranked = new Ranking(text);
  for (const entry of fixed) ranked.offer(entry.label, () => entry);
  if (text.length >= MIN_OBJECT_TEXT) offerObjects(model, ranked);
  return ranked.best();
}

/** Tabs, and their lists where a tab has several. */
function placeEntries(model: ScreenModel): readonly PaletteEntry[] {
  return (Object.keys(model.ui.focus) as TabId[]).flatMap((tab) => {
    const lists = listsOf(model.ui, tab);
    if (lists.length < 2) return [{ id: `tab:${tab}`, label: tab, detail: 'tab' }];
    return lists.map((list) => ({
      id: `list:${list}`,
      label: nameOfList(list),
      detail: `list on tab ${tab}`,
    }));
  });
}

function nameOfList(list: ListId): string {
  return list.slice(list.indexOf('/') + 1);
}

/** Commands as they would work after the palette has closed; moving and typing need no palette. */
function commandEntries(model: ScreenModel): readonly PaletteEntry[] {
  const below = withUi(model, withoutField(model.ui));
  return BINDINGS.filter(isOffered).flatMap((binding) => {
    // What belongs to another place is noise here; what is merely not possible now says why.
    if (!binding.where.holds(below)) return [];
    const disabled = binding.disabledReason?.(below);
    const entry = { id: `command:${binding.id}`, label: binding.label, detail: keyNames(binding) };
    return [disabled === undefined ? entry : { ...entry, disabled }];
  });
}

function isOffered({ id, group }: Binding): boolean {
  return group !== 'Move' && group !== 'Typing' && id !== 'palette' && id !== 'interrupt';
}

function contextEntries({ session }: ScreenModel): readonly PaletteEntry[] {
  return session.contexts.map((name) => ({
    id: `context:${name}`,
    label: `ctx ${name}`,
    detail: 'context',
    ...(name === session.context ? { disabled: 'in use' } : {}),
  }));
}

function namespaceEntries({ namespaces }: ScreenModel): readonly PaletteEntry[] {
  return namespaces.map((name) => ({ id: `namespace:${name}`, label: `ns ${name}`, detail: 'namespace' }));
}

function offerObjects(model: ScreenModel, ranked: Ranking): void {
  const { state, judge } = model;
  const offer = (list: ListId, row: string, label: string, detail: string) =>
    ranked.offer(label, () => ({ id: `row:${list}:${row}`, label, detail }));
  for (const finding of allFindings(judge.assessment.findings)) {
    offer('triage/findings', finding.id, finding.title, 'finding');
  }
  for (const node of dataOf(state.nodes)?.values() ?? []) offer('nodes/nodes', node.name, node.name, 'node');
  for (const source of ['deployments', 'statefulsets', 'daemonsets'] as const) {
    for (const workload of dataOf(state[source])?.values() ?? []) {
      const key = keyOf(workload);
      offer('nodes/workloads', `${workload.kind}/${key}`, key, workload.kind);
    }
  }
  for (const pod of dataOf(state.pods)?.values() ?? []) {
    const key = keyOf(pod);
    offer('nodes/pods', key, key, 'pod');
  }
}

/** How well a name fits, 0 best; undefined when it does not. */
function fit(name: string, text: string): number | undefined {
  const at = name.indexOf(text);
  if (at === 0) return name.length === text.length ? 0 : 1;
  if (at > 0) return /[\s/._-]/.test(name[at - 1] ?? '') ? 2 : 3;
  return lettersInOrder(name, text) ? 4 : undefined;
}

const GRADES = 5;

function lettersInOrder(name: string, text: string): boolean {
  let from = 0;
  for (const letter of text) {
    if (letter === ' ') continue;
    const at = name.indexOf(letter, from);
    if (at < 0) return false;
    from = at + letter.length;
  }
  return true;
}

/** Keeps the best entries in one pass, without making entries for all of 100,000 pods; ties stay in order. */
class Ranking {
  private readonly grades: PaletteEntry[][] = Array.from({ length: GRADES }, () => []);
  private readonly text: string;

  constructor(text: string) {
    this.text = text;
  }

  offer(name: string, make: () => PaletteEntry): void {
    const grade = this.grades[fit(name.toLowerCase(), this.text) ?? GRADES];
    if (grade !== undefined && grade.length < MAX_ENTRIES) grade.push(make());
  }

  best(): readonly PaletteEntry[] {
    return this.grades.flat().slice(0, MAX_ENTRIES);
  }
}
