import { afterEach, describe, expect, it } from 'vitest';
import { ready, startConsole } from '../support/run.ts';
import { KEY, paste, type Term } from '../support/terminal.ts';

let term: Term;

afterEach(() => term.close());

async function milestone(columns = 80, rows = 24): Promise<Term> {
  term = startConsole(['--demo', '--scenario', 'milestone'], { columns, rows });
  await ready(term);
  return term;
}

/** Rows that are not blank, to judge whether a frame fills the screen. */
const inkedRows = (screen: string): number => screen.split('\n').filter((row) => row.trim() !== '').length;

describe('console in a terminal', () => {
  it('shows a judged cluster in the alternate screen within three seconds', async () => {
    const started = performance.now();
    term = startConsole(['--demo', '--scenario', 'milestone']);
    const screen = await ready(term);
    expect(performance.now() - started).toBeLessThan(3000);
    expect(term.buffer).toBe('alternate');
    expect(screen).toContain('homelab-top');
    expect(screen).toContain('[1 Triage');
    expect(screen).toMatch(/airflow/);
    expect(screen).toMatch(/v1\.31\.3/);
    expect(screen).toMatch(/q quit/);
  });

  it('follows keys: tabs, cursor, filter, problems, help, palette, viewers and back', async () => {
    await milestone();
    await term.keys('2');
    await term.until('[2 Nodes');
    await term.until(/Pods \d+/);
    await term.keys('/');
    for (const letter of 'airflow') await term.keys(letter);
    await term.keys(KEY.enter);
    await term.until((screen) => screen.includes('airflow') && !screen.includes('rook-ceph/csi'));
    await term.keys('y');
    await term.until(/apiVersion: v1/);
    expect(term.text()).not.toContain('managedFields');
    await term.keys(KEY.escape);
    await term.until(/Pods \d+/);
    await term.keys('l');
    await term.until(/─ logs airflow\/airflow-webserver.* following/);
    await term.keys(KEY.escape);
    await term.until(/Pods \d+/);
    await term.keys(KEY.escape);
    await term.until('rook-ceph/csi');
    await term.keys('!');
    await term.until((screen) => !screen.includes('✓ ai/'));
    await term.keys('?');
    await term.until(/hide or show what is healthy/);
    await term.keys(KEY.escape);
    await term.until(/Pods \d+/);
    await term.keys(':');
    for (const letter of 'triage') await term.keys(letter);
    await term.keys(KEY.enter);
    await term.until('[1 Triage');
    await term.keys('q');
    expect(await term.exited).toEqual({ code: 0, signal: 0 });
    expect(term.buffer).toBe('normal');
    expect(term.cursorVisible).toBe(true);
    expect(term.bracketedPaste).toBe(false);
  });

  it('moves the cursor with j and k and shows it inverse', async () => {
    await milestone();
    await term.keys('2');
    await term.until('[2 Nodes');
    const selected = (): number =>
      Array.from({ length: term.rows }, (_, row) => row).findIndex((row) => term.row(row).startsWith('▌'));
    await term.until(() => selected() > 0);
    const first = selected();
    expect(term.cell(6, first).inverse).toBe(true);
    await term.keys('j');
    await term.until(() => selected() === first + 1);
    await term.keys('k');
    await term.until(() => selected() === first);
  });

  it.each([
    [60, 20],
    [80, 24],
    [120, 36],
    [200, 60],
  ])('fills %i x %i and leaves the last row free', async (columns, rows) => {
    await milestone(columns, rows);
    await term.quiet();
    expect(inkedRows(term.text())).toBeGreaterThan(rows / 3);
    expect(term.row(rows - 1).trim()).toBe('');
    expect(term.row(0)).toContain('homelab-top');
    expect(term.row(rows - 2)).toContain('q quit');
  });

  it('survives every resize, also to a few rows and back', async () => {
    await milestone();
    for (const [columns, rows] of [
      [60, 20],
      [120, 36],
      [200, 60],
    ] as const) {
      term.resize(columns, rows);
      await term.until(() => term.row(rows - 2).includes('q quit') && term.row(0).includes('homelab-top'));
    }
    term.resize(30, 5);
    await term.until(/60x16/);
    term.resize(80, 24);
    await term.until((screen) => screen.includes('[1 Triage') && term.row(22).includes('q quit'));
  });

  it('takes a burst of resizes with few redraws', async () => {
    await milestone();
    await term.quiet();
    const mark = term.mark();
    for (let step = 0; step < 60; step += 1) term.resize(80 + (step % 40), 24 + (step % 12));
    term.resize(100, 30);
    await term.until(() => term.row(28).includes('q quit'));
    expect(term.bytesSince(mark)).toBeLessThan(60_000);
  });

  it('never acts on pasted text', async () => {
    await milestone();
    await term.quiet();
    term.send(paste('2q\r'));
    await term.quiet();
    expect(term.text()).toContain('[1 Triage');
    const started = performance.now();
    term.send(paste('q\r2?'.repeat(256 * 1024)));
    await term.quiet();
    expect(performance.now() - started).toBeLessThan(6000);
    await term.keys('2');
    await term.until('[2 Nodes');
  });

  it('never acts on unbracketed text that arrives in one piece', async () => {
    await milestone();
    await term.quiet();
    term.send('2q\r');
    await term.quiet();
    expect(term.text()).toContain('homelab-top');
    expect(term.text()).toContain('[1 Triage');
  });

  it('lets moves through that arrive in one piece, as key repeat does on a slow link', async () => {
    await milestone();
    await term.keys('2');
    await term.until('▌');
    const before = term.text();
    term.send('jjj');
    await term.until((screen) => screen !== before && screen.includes('▌'));
  });
});
