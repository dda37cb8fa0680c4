import { Box } from 'ink';
import { useMemo } from 'react';
import { frame } from './frame.ts';
import type { ScreenModel } from './model.ts';
import { Row } from './Row.tsx';
import type { Theme } from './ui/theme.ts';

/** The screen: a column of painted rows. A row whose text did not change is not rendered again. */
export function Screen({ model, theme }: { readonly model: ScreenModel; readonly theme: Theme }) {
  const rows = useMemo(() => frame(model, theme).map(theme.paint), [model, theme]);
  return (
    <Box flexDirection="column" width={model.columns}>
      {rows.map((text, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a row is its place on the screen
        <Row key={index} text={text} />
      ))}
    </Box>
  );
}
