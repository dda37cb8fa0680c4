import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { keyTable, withKeyTable } from '../tools/keys.ts';

const read = (path: string): string => readFileSync(path, 'utf8');
const DOCUMENTS = ['README.md', 'ARCHITECTURE.md', 'CONTRIBUTING.md', 'CHANGELOG.md'];

describe('documents', () => {
  it("README's key table is what the bindings say (npm run keys)", () => {
    expect(keyTable()).toContain('`/`');
    expect(withKeyTable(read('README.md'))).toBe(read('README.md'));
  });

  it.each(DOCUMENTS)('%s names only npm scripts that exist', (path) => {
    const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> };
    const named = [...read(path).matchAll(/npm run ([\w:]+)/g)].map((match) => match[1] ?? '');
    expect(named.filter((name) => !(name in scripts))).toEqual([]);
  });

  it.each(DOCUMENTS)('%s links only to files that exist', (path) => {
    const targets = [...read(path).matchAll(/\]\((?!https?:)([^)#]+)/g)].map((match) => match[1] ?? '');
    const paths = [...read(path).matchAll(/`((?:src|test|tools|docs|bin)\/[\w./-]+\.\w+)`/g)].map(
      (match) => match[1] ?? '',
    );
    expect([...targets, ...paths].filter((target) => !existsSync(target))).toEqual([]);
  });
});
