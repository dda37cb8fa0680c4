import type { Line, ScreenModel, View } from '../model.ts';
import { severityGlyph, severityToken } from './glyphs.ts';
import { clip, line, lineCells, seg } from './line.ts';

/** Row 2: the tabs with their worst severity; the active one in brackets and inverse. */
export function tabBar(views: readonly View[], model: ScreenModel, width: number): Line {
  const full = joined(
    views.map((view) => tab(view, model, true)),
    width >= 110 ? '  ' : '',
  );
  if (lineCells(full) <= width) return full;
  // Short of room, only the active tab keeps its name.
  return clip(
    joined(
      views.map((view) => tab(view, model, view.id === model.ui.tab)),
      '',
    ),
    width,
  );
}

function joined(tabs: readonly Line[], gap: string): Line {
  return line(...tabs.flatMap((content, index) => (index === 0 ? [content] : [gap, content])));
}

function tab(view: View, model: ScreenModel, named: boolean): Line {
  const active = view.id === model.ui.tab;
  const severity = view.badge(model);
  // Healthy is quiet: no glyph for ok, nor for mere information.
  const quiet = severity === 'ok' || severity === 'info';
  const style = active ? { inverse: true } : {};
  return line(
    seg(active ? '[' : ' ', 'text', style),
    seg(named ? `${view.key} ${view.title}` : view.key, 'text', style),
    quiet ? '' : seg(' ', 'text', style),
    quiet ? '' : seg(severityGlyph(severity), severityToken(severity), style),
    seg(active ? ']' : ' ', 'text', style),
  );
}
