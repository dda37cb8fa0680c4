/** Every command of the console as data: the keys, where they work, and the words for footer, help and palette. */
import { type Command, GROUPS } from './commands/command.ts';
import { MOVE_COMMANDS } from './commands/move.ts';
import { OBJECT_COMMANDS } from './commands/object.ts';
import { SCREEN_COMMANDS } from './commands/screen.ts';
import { TEXT_COMMANDS } from './commands/text.ts';
import { TYPING_COMMANDS } from './commands/typing.ts';
import { VIEW_COMMANDS } from './commands/view.ts';
import type { ScreenModel } from './model.ts';

export { GROUPS };

const COMMANDS = [
  ...MOVE_COMMANDS,
  ...VIEW_COMMANDS,
  ...OBJECT_COMMANDS,
  ...TEXT_COMMANDS,
  ...SCREEN_COMMANDS,
  ...TYPING_COMMANDS,
] as const satisfies readonly Command[];

/** Name of a command: each has exactly one binding here and one handler in the reducer. */
export type CommandId = (typeof COMMANDS)[number]['id'];

/** A command with its keys. */
export interface Binding extends Command {
  readonly id: CommandId;
}

/** All commands. Unbound on purpose: ctrl-d, ctrl-k, delete, and backspace outside text fields. */
export const BINDINGS: readonly Binding[] = COMMANDS;

const FOOTER_KEYS = 6;

/** The keys for the last row: up to six that work now, best first, then help and quit (or back). */
export function footerKeys(model: ScreenModel): readonly { readonly key: string; readonly label: string }[] {
  const here = BINDINGS.filter((binding) => binding.where.holds(model));
  const best = here
    .filter((binding) => binding.footer !== undefined && (binding.footerWhen?.(model) ?? true))
    .filter((binding) => binding.disabledReason?.(model) === undefined)
    .toSorted((a, b) => (a.footer ?? 0) - (b.footer ?? 0))
    .slice(0, FOOTER_KEYS);
  const fixed = here.filter(({ id }) => id === 'help' || id === 'quit' || id === 'close');
  return [...best, ...fixed].map(({ hint, keys, label, footerLabel }) => ({
    key: hint ?? keyName(keys[0] ?? ''),
    label: footerLabel?.(model) ?? label,
  }));
}

/** One section of the help: every binding is in exactly one. */
export interface HelpGroup {
  readonly group: string;
  readonly entries: readonly { readonly keys: string; readonly label: string; readonly disabled?: string }[];
}

/** All bindings by section, with the reason where one does not work on the present screen. */
export function helpGroups(model: ScreenModel): readonly HelpGroup[] {
  return GROUPS.map((group) => ({
    group,
    entries: BINDINGS.filter((binding) => binding.group === group).map((binding) => {
      const entry = { keys: keyNames(binding), label: binding.about };
      const disabled = unusableReason(binding, model);
      return disabled === undefined ? entry : { ...entry, disabled };
    }),
  }));
}

/** Why a binding would do nothing on this screen: the wrong place, or its own reason. */
function unusableReason(binding: Binding, model: ScreenModel): string | undefined {
  return binding.where.holds(model) ? binding.disabledReason?.(model) : `only ${binding.where.words}`;
}

const KEY_NAMES: Readonly<Record<string, string>> = {
  up: '↑',
  down: '↓',
  left: '←',
  right: '→',
  enter: '⏎',
  escape: 'esc',
  pageup: 'PgUp',
  pagedown: 'PgDn',
  home: 'Home',
  end: 'End',
  f1: 'F1',
};

function keyName(token: string): string {
  return KEY_NAMES[token] ?? token;
}

/** How help and palette write the keys of a binding: `↑ ↓ k j`. */
export function keyNames(binding: Binding): string {
  const digits = binding.keys.every((key) => /^[0-9]$/.test(key)) && binding.keys.length > 1;
  return digits ? (binding.hint ?? '') : binding.keys.map(keyName).join(' ');
}
