/** What depends on time runs alone, so that no other test disturbs it. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { ready, startConsole } from '../support/run.ts';
import { sleep, type Term } from '../support/terminal.ts';

let term: Term;

afterEach(() => term.close());

async function start(scenario: string, env: Record<string, string> = {}): Promise<Term> {
  term = startConsole(['--demo', '--scenario', scenario], { env });
  await ready(term);
  return term;
}

describe('the terminal', () => {
  it('may stop reading for eight seconds without stalling the program', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'homelab-top-stats-'));
    const file = join(folder, 'stats.json');
    await start('incident', { HOMELAB_TOP_STATS: file });
    await sleep(3500);
    term.pause();
    for (let second = 0; second < 8; second += 1) {
      await term.keys('2', '1');
      await sleep(1000);
    }
    term.resume();
    await term.until('[1 Triage');
    await term.keys('2');
    await term.until('[2 Nodes');
    await term.keys('q');
    await term.exited;
    const { maxLoopStallMs } = JSON.parse(readFileSync(file, 'utf8'));
    rmSync(folder, { recursive: true });
    expect(maxLoopStallMs).toBeLessThanOrEqual(150);
  }, 40_000);

  it('receives nothing while nothing changes', async () => {
    await start('healthy');
    await term.keys('f');
    // A toast confirms the key for two seconds and goes with the next tick.
    await term.quiet(3500, 15_000);
    const mark = term.mark();
    await sleep(4000);
    expect(term.output(mark)).toBe('');
  }, 40_000);
});
