/** Writes the README's key table from the bindings: npm run keys. A test fails while it is stale. */
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { BINDINGS, GROUPS, keyNames } from '../src/views/bindings.ts';

const README = fileURLToPath(new URL('../README.md', import.meta.url));
const PLACE = /(?<=<!-- keys:start .*-->\n)[\s\S]*(?=<!-- keys:end -->)/;

/** All bindings as a Markdown table, in the order of the help. */
export function keyTable(): string {
  const rows = GROUPS.flatMap((group) => BINDINGS.filter((binding) => binding.group === group)).map(
    (binding) => [
      keyNames(binding)
        .split(' ')
        .map((key) => `\`${key}\``)
        .join(' '),
      binding.about.replaceAll('|', '\\|'),
      binding.where.words,
    ],
  );
  return [['keys', 'what', 'where'], ['---', '---', '---'], ...rows]
    .map((cells) => `| ${cells.join(' | ')} |\n`)
    .join('');
}

/** A document with the table between its marks replaced by the present one. */
export function withKeyTable(document: string): string {
  if (!PLACE.test(document)) throw new Error('no place for the key table: marks keys:start and keys:end');
  return document.replace(PLACE, () => keyTable());
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  writeFileSync(README, withKeyTable(readFileSync(README, 'utf8')));
}
