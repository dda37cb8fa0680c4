import { Box, useInput, usePaste } from 'ink';
import { useStore } from 'zustand';
import { Row } from '../../views/Row.tsx';
import type { KeyGatherer } from '../terminal/keys.ts';
import type { ConsoleStore } from './store.ts';

/** The whole React tree: rows down, keys up. Everything in between is plain functions. */
export function App({ store, keys }: { store: ConsoleStore; keys: KeyGatherer }): React.JSX.Element {
  const frame = useStore(store, (state) => state.frame);
  useInput((input, key) => keys.input(input, key));
  usePaste((text) => keys.paste(text));
  return (
    <Box flexDirection="column">
      {frame.map((text, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a row is its place on the screen
        <Row key={index} text={text} />
      ))}
    </Box>
  );
}
