/**
 * The reducer of keys: pure and synchronous, so that a key always acts on the screen of that very moment, however
 * fast keys come. It changes nothing itself; what has to be done goes back to the app as effects.
 */
import { BINDINGS, type Binding } from './bindings.ts';
import { fieldText, type } from './interaction/field.ts';
import { HANDLERS } from './interaction/handlers.ts';
import { type Outcome, refuse, type Step, show } from './interaction/outcome.ts';
import type { KeyPress, ScreenModel, View } from './model.ts';

export { initialUi } from './interaction/initial.ts';

/**
 * Answers one key. `clock` is the real time (epoch ms), which runs on while the model is frozen. Keys that came in
 * one read with others (`chunked`) move and type, but never start a command: they may be a paste.
 */
export function press(key: KeyPress, model: ScreenModel, views: readonly View[], clock: number): Outcome {
  const step: Step = { model, views, clock };
  const { ui } = model;
  const typing = fieldText(ui) !== undefined;
  if (key.type === 'paste') {
    return typing
      ? type(step, key.text)
      : refuse(ui, clock, 'pasted text is ignored here: / or : takes text');
  }
  if (typing && key.type === 'char') return type(step, key.text);
  const token = keyToken(key);
  const binding = bindingOf(token, model);
  if (binding === undefined) return show(ui);
  if (key.chunked === true && binding.burst !== true) {
    return refuse(ui, clock, 'several keys came at once and were ignored: press again');
  }
  const reason = binding.disabledReason?.(model);
  return reason === undefined ? HANDLERS[binding.id](step, token) : refuse(ui, clock, reason);
}

/** How bindings name a key: the character itself, or the name with its modifiers, as `shift-tab`. */
export function keyToken(key: Exclude<KeyPress, { type: 'paste' }>): string {
  if (key.type === 'char') return key.text;
  return `${key.ctrl === true ? 'ctrl-' : ''}${key.shift === true ? 'shift-' : ''}${key.name}`;
}

/** The one binding that a key has on this screen. */
function bindingOf(token: string, model: ScreenModel): Binding | undefined {
  return BINDINGS.find((binding) => binding.keys.includes(token) && binding.where.holds(model));
}
