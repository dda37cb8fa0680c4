import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, posix } from 'node:path';
import { describe, expect, it } from 'vitest';

/** What a folder of src may import. */
interface Boundary {
  /** Other folders of src. */
  readonly folders: readonly string[];
  /** Other folders of which only types may be used. */
  readonly types?: readonly string[];
  readonly packages: readonly string[];
  /** Modules of Node itself. */
  readonly node: boolean;
}

const BOUNDARIES: Readonly<Record<string, Boundary>> = {
  domain: { folders: [], packages: [], node: false },
  views: { folders: ['domain'], packages: ['ink', 'react', 're2js', 'string-width', 'yaml'], node: false },
  collectors: {
    folders: ['domain'],
    packages: ['@kubernetes/client-node', 'execa', 'yaml', 'zod'],
    node: true,
  },
  actions: { folders: ['domain', 'collectors'], packages: ['zod'], node: true },
  demo: { folders: [], types: ['domain'], packages: ['yaml'], node: true },
  app: {
    folders: ['domain', 'views', 'collectors', 'actions', 'demo'],
    packages: ['@kubernetes/client-node', 'ink', 'react', 'string-width', 'yaml', 'zod', 'zustand'],
    node: true,
  },
};

/** Files that may be longer than 300 lines, each with the reason. */
const LONG_FILES: Readonly<Record<string, string>> = {};

const MAX_LINES = 300;

interface Source {
  readonly path: string;
  readonly text: string;
}

interface Import {
  readonly specifier: string;
  readonly typeOnly: boolean;
}

const IMPORT =
  /(?:^|\n)\s*(?:import|export)\s+(type\s)?[^'";]*?from\s+'([^']+)'|(?:^|\n)import\s+'([^']+)'|\bimport\('([^']+)'\)/g;

function importsOf(text: string): readonly Import[] {
  return [...text.matchAll(IMPORT)].map((match) => ({
    specifier: match[2] ?? match[3] ?? match[4] ?? '',
    typeOnly: match[1] !== undefined,
  }));
}

/** `a/b` of `@a/b/c`, `a` of `a/b`. */
function packageOf(specifier: string): string {
  return specifier.split('/', specifier.startsWith('@') ? 2 : 1).join('/');
}

/** Why a file of src must not import this; undefined when it may. */
function objection(path: string, { specifier, typeOnly }: Import): string | undefined {
  const folder = path.split('/')[1] ?? '';
  const boundary = BOUNDARIES[folder];
  if (boundary === undefined) return `src/${folder} is not a folder of the design`;
  if (specifier.startsWith('node:')) return boundary.node ? undefined : `${folder} must not use Node modules`;
  if (!specifier.startsWith('.')) {
    return boundary.packages.includes(packageOf(specifier))
      ? undefined
      : `${folder} must not use ${specifier}`;
  }
  // The program's own name and version.
  if (specifier === '../../package.json' && folder === 'app') return undefined;
  if (!/\.tsx?$/.test(specifier)) return 'import with the file ending';
  const target = posix.join(dirname(path), specifier).split('/')[1] ?? '';
  if (target === folder || boundary.folders.includes(target)) return undefined;
  if (boundary.types?.includes(target))
    return typeOnly ? undefined : `${folder} may only import types of ${target}`;
  return `${folder} must not import ${target}`;
}

const importViolations = (source: Source): readonly string[] =>
  importsOf(source.text).flatMap((imported) => {
    const why = objection(source.path, imported);
    return why === undefined ? [] : [`${source.path}: '${imported.specifier}': ${why}`];
  });

const COLOUR =
  /'(?:black|red|green|yellow|blue|magenta|cyan|white|gr[ae]y)(?:Bright)?'|['"]#[0-9a-fA-F]{6}\b/;

const namesColour = ({ path, text }: Source): boolean =>
  /^src\/(views|app)\//.test(path) && path !== 'src/views/ui/theme.ts' && COLOUR.test(text);

const servesNetwork = ({ path, text }: Source): boolean =>
  !path.startsWith('src/demo/') && /\bcreate(Secure)?Server\b|\bWebSocketServer\b/.test(text);

const tooLong = ({ path, text }: Source): boolean =>
  text.split('\n').length - 1 > MAX_LINES && LONG_FILES[path] === undefined;

const sources: readonly Source[] = readdirSync('src', { recursive: true, encoding: 'utf8' })
  .filter((name) => /\.tsx?$/.test(name))
  .map((name) => join('src', name))
  .map((path) => ({ path, text: readFileSync(path, 'utf8') }));

const paths = (offenders: readonly Source[]): readonly string[] => offenders.map(({ path }) => path);

describe('architecture', () => {
  it('imports only along the arrows of the design', () => {
    expect(sources.length).toBeGreaterThan(10);
    expect(sources.flatMap(importViolations)).toEqual([]);
  });

  it.each([
    ['src/domain/a.ts', "import { x } from '../collectors/b.ts';", 'domain must not import collectors'],
    ['src/domain/a.ts', "import { readFile } from 'node:fs';", 'domain must not use Node modules'],
    ['src/domain/a.ts', "import {\n  a,\n  b,\n} from 'ink';", 'domain must not use ink'],
    ['src/views/a.ts', "import type { C } from '../app/store.ts';", 'views must not import app'],
    [
      'src/views/a.ts',
      "const k = await import('@kubernetes/client-node');",
      'views must not use @kubernetes',
    ],
    [
      'src/demo/a.ts',
      "import { rank } from '../domain/severity.ts';",
      'demo may only import types of domain',
    ],
    ['src/app/a.ts', "export { x } from './b';", 'import with the file ending'],
    ['src/extra/a.ts', "import 'ink';", 'src/extra is not a folder of the design'],
  ])('would notice %s: %s', (path, text, why) => {
    expect(importViolations({ path, text }).join('\n')).toContain(why);
  });

  it('lets demo use the types of domain and collectors the API client', () => {
    expect(
      [
        { path: 'src/demo/a.ts', text: "import type { Meta } from '../domain/kinds.ts';" },
        {
          path: 'src/collectors/kubernetes/a.ts',
          text: "import { KubeConfig } from '@kubernetes/client-node';",
        },
      ].flatMap(importViolations),
    ).toEqual([]);
  });

  it(`keeps source files within ${MAX_LINES} lines`, () => {
    expect(paths(sources.filter(tooLong))).toEqual([]);
    const known = new Set(paths(sources));
    expect(Object.keys(LONG_FILES).filter((path) => !known.has(path))).toEqual([]);
  });

  it('names colours in the theme only', () => {
    expect(namesColour({ path: 'src/views/x.ts', text: "color: 'red'" })).toBe(true);
    expect(paths(sources.filter(namesColour))).toEqual([]);
  });

  it('opens listening sockets in the embedded homelab only', () => {
    expect(servesNetwork({ path: 'src/collectors/x.ts', text: 'http.createServer()' })).toBe(true);
    expect(paths(sources.filter(servesNetwork))).toEqual([]);
  });
});
