import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { WATCHED } from '../src/collectors/kubernetes/sources.ts';
import { keyTable, withKeyTable } from '../tools/keys.ts';

const read = (path: string): string => readFileSync(path, 'utf8');
const DOCUMENTS = ['README.md', 'ARCHITECTURE.md', 'CONTRIBUTING.md', 'CHANGELOG.md'];

interface Rule {
  readonly apiGroups: readonly string[];
  readonly resources: readonly string[];
  readonly verbs: readonly string[];
}

/** `apps/deployments` of `/apis/apps/v1/deployments`, `/pods` of `/api/v1/pods`. */
function groupResource(path: string): string {
  const parts = path.split('/');
  return `${parts[1] === 'apis' ? parts[2] : ''}/${parts.at(-1)}`;
}

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

  it('docs/rbac.yaml lets the console read all it watches, and nothing changes', () => {
    const role = parseAllDocuments(read('docs/rbac.yaml'))[0]?.toJS() as { rules: readonly Rule[] };
    const allowed = role.rules
      .filter(({ verbs }) => verbs.includes('list') && verbs.includes('watch'))
      .flatMap(({ apiGroups, resources }) =>
        apiGroups.flatMap((group) => resources.map((resource) => `${group}/${resource}`)),
      );
    expect(
      Object.values(WATCHED)
        .map(({ path }) => groupResource(path))
        .filter((name) => !allowed.includes(name)),
    ).toEqual([]);
    expect(new Set(role.rules.flatMap(({ verbs }) => verbs))).toEqual(new Set(['get', 'list', 'watch']));
  });
});
