import { footerKeys } from './bindings.ts';
import { compileFilter } from './filter.ts';
import { VIEWS, viewOf } from './index.ts';
import type { Line, ScreenModel } from './model.ts';
import { field, sheet } from './overlay/sheet.ts';
import { drawViewer } from './overlay/viewer.ts';
import { paletteEntries } from './palette.ts';
import { pickerEntries } from './pickers.ts';
import { footer } from './ui/footer.ts';
import { severityGlyph, severityToken } from './ui/glyphs.ts';
import { header } from './ui/header.ts';
import { clip, cutEnd, line, seg, trimEnd } from './ui/line.ts';
import { speak } from './ui/speak.ts';
import { padRows } from './ui/stack.ts';
import { statusRow } from './ui/status.ts';
import { tabBar } from './ui/tabs.ts';
import type { Theme } from './ui/theme.ts';

/** Below this size nothing sensible can be laid out. */
export const MINIMUM = { columns: 60, rows: 16 } as const;

/** Rows around the body: header, tabs, status and keys. */
const CHROME = 4;

/** Width that screen readers get: one column of short lines, whatever the size of the window. */
const READ_ALOUD = 100;

/**
 * The whole screen as lines: always one row less than the terminal has, none wider than it. (A frame as high as
 * the terminal makes it scroll.)
 */
export function frame(model: ScreenModel, theme: Theme): readonly Line[] {
  const height = Math.max(0, model.rows - 1);
  const { screenReader } = theme.caps;
  const width = screenReader ? Math.min(model.columns, READ_ALOUD) : model.columns;
  const lines =
    model.columns < MINIMUM.columns || model.rows < MINIMUM.rows
      ? tooSmall(model)
      : fullScreen(model, theme, width, height);
  const finished = lines.map((content) => {
    const shown = trimEnd(clip(content, width));
    return screenReader ? clip(speak(shown), model.columns) : shown;
  });
  return padRows(finished, height);
}

function tooSmall(model: ScreenModel): readonly Line[] {
  const worst = model.judge.assessment.findings[0];
  const text = `too small, need ${MINIMUM.columns}x${MINIMUM.rows}, have ${model.columns}x${model.rows}`;
  const trouble =
    worst === undefined
      ? []
      : [
          line(
            seg(severityGlyph(worst.severity), severityToken(worst.severity)),
            ` ${cutEnd(worst.title, Math.max(0, model.columns - 2))}`,
          ),
        ];
  return [[seg(cutEnd(text, model.columns))], ...trouble];
}

function fullScreen(model: ScreenModel, theme: Theme, width: number, height: number): readonly Line[] {
  const room = height - CHROME;
  return [
    header(model, width),
    tabBar(VIEWS, model, width),
    ...padRows(body(model, width, room), room),
    statusRow(model, width),
    lastRow(model, theme, width),
  ];
}

/** The tab or the viewer over it; a palette or picker takes rows from its bottom. */
function body(model: ScreenModel, width: number, height: number): readonly Line[] {
  const choices = bottomSheet(model, width, Math.max(3, height - 4));
  const room = height - choices.length;
  const viewer = model.ui.viewers.at(-1);
  const above =
    viewer === undefined
      ? viewOf(model.ui.tab).render(model, width, room)
      : drawViewer(model, viewer, width, room);
  return [...padRows(above, room), ...choices];
}

const PICKER_TITLES = {
  context: 'Context',
  namespace: 'Namespace',
  container: 'Container',
  sort: 'Sort by',
} as const;

function bottomSheet(model: ScreenModel, width: number, height: number): readonly Line[] {
  const { picker, prompt } = model.ui;
  if (picker !== undefined) {
    return sheet(PICKER_TITLES[picker.kind], pickerEntries(model), picker.index, width, height);
  }
  if (prompt?.kind === 'palette') {
    return sheet('Commands', paletteEntries(model), prompt.index, width, height);
  }
  return [];
}

/** The keys, or the text field that takes all keys now. */
function lastRow(model: ScreenModel, theme: Theme, width: number): Line {
  const { picker, prompt, viewers } = model.ui;
  const viewer = viewers.at(-1);
  const hint = (text: string): Line => [seg(text, 'muted')];
  if (picker !== undefined) return field('> ', picker.text, hint('enter choose  esc cancel'), width);
  if (prompt?.kind === 'palette') return field(': ', prompt.text, hint('enter run  esc cancel'), width);
  if (prompt !== undefined) return field('/ ', prompt.text, filterHint(prompt.text), width);
  if (viewer?.searching) return field('/ ', viewer.search ?? '', hint('enter search  esc cancel'), width);
  return footer(footerKeys(model), theme.caps, width);
}

function filterHint(text: string): Line {
  const { error } = compileFilter(text);
  return error === undefined
    ? [seg('text, !not, ~regex, column:value  esc clear', 'muted')]
    : [seg(`${severityGlyph('critical')} ${error}`, 'critical')];
}
