/**
 * Takes pictures of the built console on the embedded homelab.
 *
 *   npm run shots                      all pictures of the README, into docs/screens/
 *   npm run shots -- --keys '2j' --size 120x36 --scenario incident --out /tmp/x.png
 *   npm run shots -- --text            prints the screen instead
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { parseArgs } from 'node:util';
import { Resvg } from '@resvg/resvg-js';
import { PROGRAM, ready } from '../test/support/run.ts';
import { screenToSvg } from '../test/support/svg.ts';
import { KEY, sleep, Term } from '../test/support/terminal.ts';

interface Shot {
  readonly name: string;
  readonly scenario: string;
  readonly size: string;
  /** Keys typed one by one; <enter>, <esc>, <tab>, <up> and <down> are named. */
  readonly keys: string;
  readonly args?: readonly string[];
}

const SIZES = ['80x24', '120x36'];

const README_SHOTS: readonly Shot[] = [
  { name: 'triage', scenario: 'milestone', keys: '' },
  { name: 'nodes', scenario: 'milestone', keys: '2' },
  { name: 'incident', scenario: 'incident', keys: '' },
].flatMap(({ name, ...shot }) => SIZES.map((size) => ({ ...shot, size, name: `${name}-${size}` })));

/** Time for rates, metrics and the first events to arrive after the first full screen. */
const SETTLE_MS = 6000;

const NAMED_KEYS: Readonly<Record<string, string>> = {
  '<enter>': KEY.enter,
  '<esc>': KEY.escape,
  '<tab>': KEY.tab,
  '<up>': KEY.up,
  '<down>': KEY.down,
};

async function take<T>({ scenario, size, keys, args = [] }: Shot, look: (term: Term) => T): Promise<T> {
  const [columns = 80, rows = 24] = size.split('x').map(Number);
  const term = new Term({
    file: PROGRAM,
    args: ['--demo', '--scenario', scenario, ...args],
    columns,
    rows,
    env: { TZ: 'UTC', COLORTERM: 'truecolor' },
  });
  try {
    await ready(term, 20_000);
    await sleep(SETTLE_MS);
    for (const key of keys.match(/<\w+>|./gu) ?? []) {
      await term.keys(NAMED_KEYS[key] ?? key);
      await sleep(150);
    }
    await term.quiet(250, 3000).catch(() => {});
    return look(term);
  } finally {
    await term.close();
  }
}

function save(path: string, svg: string): void {
  mkdirSync(dirname(path), { recursive: true });
  if (path.endsWith('.svg')) writeFileSync(path, svg);
  else writeFileSync(path, new Resvg(svg).render().asPng());
  console.log(path);
}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    scenario: { type: 'string', default: 'milestone' },
    size: { type: 'string', default: '80x24' },
    keys: { type: 'string', default: '' },
    out: { type: 'string' },
    text: { type: 'boolean', default: false },
  },
});

const single: Shot = { name: 'screen', ...values, args: positionals };
if (values.text) {
  console.log(await take(single, (term) => term.text()));
} else if (values.out !== undefined) {
  save(values.out, await take(single, screenToSvg));
} else {
  for (const shot of README_SHOTS) {
    const svg = await take(shot, screenToSvg);
    for (const ending of ['svg', 'png']) save(`docs/screens/${shot.name}.${ending}`, svg);
  }
}
