import { open } from 'node:fs/promises';
import { type Document, isMap, isNode, isScalar, LineCounter, parseDocument } from 'yaml';
import { z } from 'zod';
import { didYouMean, SettingsError } from './errors.ts';
import { type Options, THEMES } from './options.ts';
import { defaultConfigPath, type Env } from './paths.ts';

/** Far more than any honest settings file, and little enough to parse at once. */
const MAX_BYTES = 1024 * 1024;
const MAX_ALIASES = 20;

const schema = z.strictObject({
  /** Path of the kubeconfig. */
  kubeconfig: z.string().min(1).optional(),
  /** Kube context to start with. */
  context: z.string().min(1).optional(),
  /** Namespace the console shows first. */
  namespace: z.string().min(1).optional(),
  theme: z.enum(THEMES).optional(),
  ascii: z.boolean().optional(),
  color: z.boolean().optional(),
});

/** What may be set in the file. Every key is optional. */
export type Settings = {
  readonly [K in keyof z.infer<typeof schema>]?: NonNullable<z.infer<typeof schema>[K]>;
};

/** Settings of the file, overridden by the command line. A missing default file means no settings. */
export async function resolveSettings(options: Options, env: Env): Promise<Settings> {
  const { kubeconfig, context, namespace, theme, ascii } = options;
  return {
    ...(await readSettings(options.config, env)),
    ...(kubeconfig && { kubeconfig }),
    ...(context && { context }),
    ...(namespace && { namespace }),
    ...(theme && { theme }),
    ...(ascii && { ascii }),
    ...(options['no-color'] && { color: false }),
  };
}

async function readSettings(named: string | undefined, env: Env): Promise<Settings> {
  const path = named ?? defaultConfigPath(env);
  try {
    return parseSettings(await readCapped(path), path);
  } catch (error) {
    if (error instanceof SettingsError) throw error;
    if (named === undefined && isMissing(error)) return {};
    const reason = isMissing(error) ? 'does not exist' : `cannot be read: ${describe(error)}`;
    throw new SettingsError(`settings file ${reason}`, {
      where: path,
      fix: 'check the path and its permissions',
    });
  }
}

/** Parses and checks the text of a settings file; `path` is for messages. Throws SettingsError naming file:line. */
export function parseSettings(text: string, path: string): Settings {
  const lines = new LineCounter();
  const document = parseDocument(text, { schema: 'core', lineCounter: lines, prettyErrors: false });
  const lineAt = (offset: number): string => `${path}:${lines.linePos(offset).line}`;
  const broken = document.errors[0] ?? document.warnings[0];
  if (broken) {
    throw new SettingsError(`not valid YAML: ${describe(broken)}`, {
      where: lineAt(broken.pos[0]),
      fix: 'mend or remove that line',
    });
  }
  const result = schema.safeParse(valuesOf(document, path) ?? {});
  if (result.success) return result.data as Settings;
  throw issueError(result.error.issues[0], document, path, lineAt);
}

/** Expands aliases within a limit, so that a small file cannot become a huge value ("billion laughs"). */
function valuesOf(document: Document, path: string): unknown {
  try {
    return document.toJS({ maxAliasCount: MAX_ALIASES });
  } catch (error) {
    throw new SettingsError(`too many YAML aliases: ${describe(error)}`, {
      where: path,
      fix: 'write the values out',
    });
  }
}

function issueError(
  issue: z.core.$ZodIssue | undefined,
  document: Document,
  path: string,
  lineAt: (offset: number) => string,
): SettingsError {
  if (issue === undefined) return new SettingsError('settings are not valid', { where: path });
  if (issue.code === 'unrecognized_keys') {
    const key = issue.keys[0] ?? '';
    const known = Object.keys(schema.shape);
    const near = didYouMean(key, known);
    return new SettingsError(`unknown setting "${key}"`, {
      where: lineAt(offsetOfKey(document, key)),
      fix: near ? `did you mean ${near}?` : `known settings: ${known.join(', ')}`,
    });
  }
  const key = issue.path.join('.');
  return new SettingsError(
    key ? `setting "${key}": ${issue.message}` : 'settings must be "name: value" lines',
    {
      where: lineAt(offsetOfKey(document, key)),
      fix: 'correct or remove that line',
    },
  );
}

/** Offset of a top-level key; the start of the file when there is none. */
function offsetOfKey(document: Document, key: string): number {
  const root = document.contents;
  if (!isMap(root)) return 0;
  const pair = root.items.find((item) => isScalar(item.key) && String(item.key.value) === key);
  return isNode(pair?.key) ? (pair.key.range?.[0] ?? 0) : 0;
}

/** Reads a file of at most MAX_BYTES; a larger one (or a device that never ends) is refused. */
async function readCapped(path: string): Promise<string> {
  const file = await open(path, 'r');
  try {
    if ((await file.stat()).isDirectory()) throw new Error('it is a directory');
    const buffer = Buffer.alloc(MAX_BYTES + 1);
    let used = 0;
    while (used < buffer.length) {
      const { bytesRead } = await file.read(buffer, used, buffer.length - used);
      if (bytesRead === 0) return buffer.toString('utf8', 0, used);
      used += bytesRead;
    }
    throw new Error('it is larger than 1 MiB');
  } finally {
    await file.close();
  }
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}

function describe(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
