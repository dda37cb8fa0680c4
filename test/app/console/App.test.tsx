import { render } from 'ink-testing-library';
import { describe, expect, it } from 'vitest';
import { createStore } from 'zustand/vanilla';
import { App } from '../../../src/app/console/App.tsx';
import type { ConsoleState } from '../../../src/app/console/store.ts';
import { KeyGatherer } from '../../../src/app/terminal/keys.ts';
import type { KeyPress } from '../../../src/views/model.ts';

/** Ink subscribes to the keyboard in an effect, after the first frame. */
const settled = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 50));

async function running(frame: readonly string[]) {
  // The component reads nothing else of the console's state.
  const store = createStore<ConsoleState>()(() => ({ frame }) as ConsoleState);
  const presses: KeyPress[] = [];
  const screen = render(<App store={store} keys={new KeyGatherer((press) => presses.push(press))} />);
  await settled();
  return { store, presses, screen };
}

describe('App', () => {
  it('paints the rows of the store and follows them', async () => {
    const { store, screen } = await running(['header', 'body']);
    expect(screen.lastFrame()).toBe('header\nbody');
    store.setState({ frame: ['header', 'changed', 'footer'] });
    await settled();
    expect(screen.lastFrame()).toBe('header\nchanged\nfooter');
    screen.unmount();
  });

  it('hands on keys, marks what came in one read, and keeps pastes apart', async () => {
    const { presses, screen } = await running(['x']);
    screen.stdin.write('j');
    await settled();
    screen.stdin.write('qq');
    await settled();
    screen.stdin.write('\x1b[A');
    await settled();
    screen.stdin.write('\x1b[200~q\r\x1b[201~');
    await settled();
    expect(presses).toEqual([
      { type: 'char', text: 'j' },
      { type: 'char', text: 'q', chunked: true },
      { type: 'char', text: 'q', chunked: true },
      { type: 'key', name: 'up' },
      { type: 'paste', text: 'q\r' },
    ]);
    screen.unmount();
  });
});
