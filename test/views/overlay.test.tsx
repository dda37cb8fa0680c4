import { Box, renderToString } from 'ink';
import { describe, expect, it } from 'vitest';
import { frame } from '../../src/views/frame.ts';
import type { ScreenModel, Viewer, ViewerContent } from '../../src/views/model.ts';
import { Row } from '../../src/views/Row.tsx';
import { createTheme } from '../../src/views/ui/theme.ts';
import { NOW, SECOND } from '../domain/build.ts';
import { model, session, ui } from '../support/model.ts';
import { rowsOf, screen, UNICODE } from './draw.ts';
import { homelab, homelabSources } from './homelab.ts';

function lab(more: Partial<Omit<ScreenModel, 'judge' | 'state'>>): ScreenModel {
  return model(homelab, { state: homelabSources, ...more });
}

function viewing(viewer: Partial<Viewer>, content?: ViewerContent): ScreenModel {
  const full = { kind: 'logs', title: 'logs airflow/webserver', top: 0, ...viewer } as const;
  return lab({ ui: ui({ viewers: [full] }), viewerContent: content });
}

const lines = Array.from({ length: 100 }, (_, index) => `line ${index + 1}`);
const ready = { status: 'ready', lines } as const;

describe('viewer', () => {
  it('shows a window of the text and how far down it is', () => {
    const rows = rowsOf(viewing({ top: 10 }, ready));
    expect(rows[2]).toMatch(/^─ logs airflow\/webserver ─+ 100 lines · 28% ─$/);
    expect(rows[3]).toBe(' line 11');
    expect(rows[20]).toBe(' line 28');
    expect(rows).toHaveLength(23);
  });

  it('shows the end while following, and says so', () => {
    const rows = rowsOf(viewing({ follow: true, top: 0 }, { ...ready, note: 'following', dropped: 1500 }));
    expect(rows[2]).toContain('1,500 older lines dropped · following');
    expect(rows[20]).toBe(' line 100');
  });

  it('shows the whole screenful when everything fits', () => {
    expect(rowsOf(viewing({}, { status: 'ready', lines: ['a', 'b'] }))[2]).toMatch(/─ 2 lines ─$/);
  });

  it('breaks long lines only when asked', () => {
    const long = { status: 'ready', lines: ['x'.repeat(150), 'end'] } as const;
    const cut = rowsOf(viewing({}, long));
    expect(cut[3]).toMatch(/x…$/);
    expect(cut[4]).toBe(' end');
    const wrapped = rowsOf(viewing({ wrap: true }, long));
    expect(`${wrapped[3]}${wrapped[4]}`.replaceAll(' ', '')).toBe('x'.repeat(150));
    expect(wrapped[5]).toBe(' end');
  });

  it('makes found text inverse, every time it stands in a line', () => {
    const shown = viewing({ search: 'oom' }, { status: 'ready', lines: ['OOM then oom again', 'fine'] });
    const hit = frame(shown, createTheme(UNICODE))[3] ?? [];
    expect(hit.filter(({ inverse }) => inverse).map(({ text }) => text)).toEqual(['OOM', 'oom']);
    expect(frame(shown, createTheme(UNICODE))[4]?.some(({ inverse }) => inverse)).toBe(false);
  });

  it('says what is read, and why it could not be', () => {
    expect(screen(viewing({}))).toContain('reading logs airflow/webserver');
    const error = {
      kind: 'forbidden',
      message: 'cannot get pods/log',
      fix: 'bind ClusterRole homelab-top-read',
      nextTryAt: NOW + 5 * SECOND,
    } as const;
    const text = screen(viewing({}, { status: 'failed', lines: [], error }));
    expect(text).toContain('✗ forbidden: cannot get pods/log');
    expect(text).toContain('fix: bind ClusterRole homelab-top-read');
  });

  it('asks for the search text at the bottom', () => {
    expect(rowsOf(viewing({ searching: true, search: 'oo' }, ready)).at(-1)).toMatch(/^ \/ oo▏/);
  });
});

describe('text fields', () => {
  it('shows the filter that is typed, and what is wrong with it', () => {
    const prompt = (text: string) => lab({ ui: ui({ prompt: { kind: 'filter', text, index: 0 } }) });
    expect(rowsOf(prompt('air')).at(-1)).toMatch(/^ \/ air▏/);
    expect(rowsOf(prompt('restarts>x')).at(-1)).toMatch(/✗ "x" is not a number/);
  });

  it('shows the end of a long text, where the user types', () => {
    const text = `${'a'.repeat(200)}end`;
    const shown = lab({ ui: ui({ prompt: { kind: 'filter', text, index: 0 } }) });
    expect(rowsOf(shown).at(-1)).toMatch(/end▏/);
  });

  it('lists the commands above the palette, without hiding header and status', () => {
    const rows = rowsOf(lab({ ui: ui({ prompt: { kind: 'palette', text: '', index: 0 } }) }));
    expect(rows.some((row) => row.startsWith('━ Commands ━'))).toBe(true);
    expect(rows[0]).toContain('homelab-top');
    expect(rows.at(-2)).toContain('k8s live');
    expect(rows.at(-1)).toMatch(/^ : ▏/);
  });

  it('marks what is in force in a picker', () => {
    const picker = { kind: 'context', text: '', index: 1 } as const;
    const shown = lab({
      session: { ...session, contexts: ['talos-home', 'lab'] },
      ui: ui({ picker }),
    });
    const rows = rowsOf(shown);
    expect(rows.find((row) => row.startsWith('━'))).toMatch(/^━ Context ━/);
    expect(rows.find((row) => row.includes('● talos-home'))).toBeDefined();
    expect(rows.findLast((row) => row.startsWith('▌'))).toMatch(/^▌ {2}lab/);
  });
});

describe('rows through Ink', () => {
  it('are exactly the lines of the frame', () => {
    const theme = createTheme(UNICODE);
    for (const [columns, rows] of [
      [80, 24],
      [120, 36],
    ] as const) {
      const shown = lab({ columns, rows, ui: ui({ tab: 'nodes' }) });
      const lines = frame(shown, theme);
      const painted = renderToString(
        <Box flexDirection="column">
          {lines.map((line, index) => (
            <Row key={String(index)} text={theme.paint(line)} />
          ))}
        </Box>,
        { columns },
      );
      const plain = painted.replace(/\x1b\[[0-9;]*m/g, '').split('\n');
      expect(plain.map((row) => row.trimEnd())).toEqual(lines.map((line) => theme.text(line).trimEnd()));
    }
  });
});
