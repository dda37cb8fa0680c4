import { Text } from 'ink';
import { memo } from 'react';

/** One painted row. A blank keeps an empty row from collapsing. */
export const Row = memo(function Row({ text }: { readonly text: string }) {
  return <Text wrap="truncate">{text === '' ? ' ' : text}</Text>;
});
