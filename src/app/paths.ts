import { constants } from 'node:fs';
import { lstat, mkdir, open } from 'node:fs/promises';
import { homedir } from 'node:os';
import { isAbsolute, join } from 'node:path';
import { SettingsError } from './errors.ts';

export type Env = Readonly<Record<string, string | undefined>>;

const PROGRAM = 'homelab-top';

/** Where settings are read from when no --config is given (XDG Base Directory Specification). */
export function defaultConfigPath(env: Env): string {
  return join(xdgBase(env, 'XDG_CONFIG_HOME', '.config'), PROGRAM, 'config.yaml');
}

/** Where crash reports and other state go. */
export function stateDir(env: Env): string {
  return join(xdgBase(env, 'XDG_STATE_HOME', '.local/state'), PROGRAM);
}

/** The specification says that relative values are to be ignored. */
function xdgBase(env: Env, variable: string, fallback: string): string {
  const configured = env[variable];
  return configured && isAbsolute(configured) ? configured : join(env.HOME || homedir(), fallback);
}

/**
 * Creates the state directory (0700) if need be and returns it. Throws SettingsError when it is a link, belongs to
 * somebody else or others may write to it: such a place could be used to plant or read our files.
 */
export async function ensureStateDir(env: Env): Promise<string> {
  const directory = stateDir(env);
  await mkdir(directory, { recursive: true, mode: 0o700 });
  const trouble = await whyUnsafe(directory);
  if (trouble)
    throw new SettingsError(`state directory ${trouble}`, {
      where: directory,
      fix: `chmod 700 ${directory}`,
    });
  return directory;
}

/** Why a directory must not hold our state, or undefined when it may. */
export async function whyUnsafe(directory: string): Promise<string | undefined> {
  const status = await lstat(directory);
  if (status.isSymbolicLink()) return 'is a symbolic link';
  if (!status.isDirectory()) return 'is not a directory';
  if (process.getuid && status.uid !== process.getuid()) return 'belongs to another user';
  if (status.mode & 0o022) return 'can be written by other users';
  return undefined;
}

/** Writes a new file that only its owner can read. Never follows a link and never replaces a file. */
export async function writePrivateFile(path: string, content: string): Promise<void> {
  const { O_CREAT, O_EXCL, O_NOFOLLOW, O_WRONLY } = constants;
  const file = await open(path, O_CREAT | O_EXCL | O_NOFOLLOW | O_WRONLY, 0o600);
  try {
    await file.writeFile(content);
  } finally {
    await file.close();
  }
}
