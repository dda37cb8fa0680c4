/** Frames as plain text. */
import { frame } from '../../src/views/frame.ts';
import type { ScreenModel } from '../../src/views/model.ts';
import { type Caps, createTheme } from '../../src/views/ui/theme.ts';

export const UNICODE: Caps = { color: '16', theme: 'ansi16', unicode: true, screenReader: false };
export const ASCII: Caps = { color: 'none', theme: 'mono', unicode: false, screenReader: false };

export function rowsOf(model: ScreenModel, caps: Caps = UNICODE): readonly string[] {
  const theme = createTheme(caps);
  return frame(model, theme).map(theme.text);
}

export function screen(model: ScreenModel, caps: Caps = UNICODE): string {
  return rowsOf(model, caps).join('\n');
}
