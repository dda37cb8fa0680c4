/** The part of `doctor` that needs no cluster: program, files, terminal. */
import { execFile } from 'node:child_process';
import { access } from 'node:fs/promises';
import { promisify } from 'node:util';
import { canDraw, isUtf8 } from '../capabilities.ts';
import type { Output } from '../commands/command.ts';
import type { Options } from '../options.ts';
import { defaultConfigPath, type Env, stateDir, whyUnsafe } from '../paths.ts';
import { VERSION } from '../version.ts';
import { ok, type Result, warning } from './result.ts';

const MIN_COLUMNS = 60;
const MIN_ROWS = 16;
const TMUX_DEADLINE_MS = 1_000;

/** Version, settings file and state directory. The settings were parsed before, so a bad file never gets here. */
export async function examineProgram(options: Options, env: Env): Promise<Result[]> {
  const config = options.config ?? defaultConfigPath(env);
  const hasConfig = await exists(config);
  return [
    ok('version', `homelab-top ${VERSION}, Node.js ${process.version}`),
    ok('settings', hasConfig ? config : `${config} (not there: defaults)`),
    await examineState(stateDir(env)),
  ];
}

async function examineState(directory: string): Promise<Result> {
  if (!(await exists(directory))) return ok('state', `${directory} (made when needed)`);
  const trouble = await whyUnsafe(directory);
  if (trouble === undefined) return ok('state', directory);
  return warning('state', `${directory} ${trouble}: nothing is written there`, `chmod 700 ${directory}`);
}

/** What the terminal can do for the console. */
export async function examineTerminal(stdout: Output, env: Env): Promise<Result[]> {
  if (!stdout.isTTY) return [ok('terminal', 'none: the output goes to a file or pipe, so it is plain')];
  return [
    examineKind(env),
    examineSize(stdout),
    examineLocale(env),
    ok('colours', colours(env)),
    await examineClipboard(env),
  ];
}

function examineKind(env: Env): Result {
  const name = env.TERM || 'not set';
  if (env.TERM && canDraw(env)) return ok('TERM', name);
  return warning(
    'TERM',
    `${name}: no full-screen console`,
    'use a terminal that can move its cursor, e.g. export TERM=xterm-256color',
  );
}

function examineSize({ columns = 0, rows = 0 }: Output): Result {
  const size = `${columns}x${rows}`;
  if (columns >= MIN_COLUMNS && rows >= MIN_ROWS) return ok('size', size);
  return warning('size', `${size} is too small`, `enlarge the window to at least ${MIN_COLUMNS}x${MIN_ROWS}`);
}

function examineLocale(env: Env): Result {
  const locale = env.LC_ALL || env.LC_CTYPE || env.LANG || 'not set';
  if (isUtf8(env)) return ok('locale', locale);
  return warning('locale', `${locale}: symbols are drawn in ASCII`, 'export LANG=C.UTF-8');
}

function colours(env: Env): string {
  if (env.NO_COLOR) return 'off (NO_COLOR)';
  return /truecolor|24bit/i.test(env.COLORTERM ?? '') ? '24 bit' : '16 (COLORTERM does not promise more)';
}

/** Copying asks the terminal by OSC 52. Whether a terminal obeys cannot be asked; tmux can be. */
async function examineClipboard(env: Env): Promise<Result> {
  if (!env.TMUX) return ok('clipboard', 'OSC 52, also over SSH; the terminal must allow it');
  const passthrough = await tmuxOption('allow-passthrough');
  const detail = `OSC 52 through tmux, allow-passthrough is ${passthrough}`;
  if (passthrough === 'on' || passthrough === 'all') return ok('clipboard', detail);
  return warning('clipboard', detail, 'tmux set -g allow-passthrough on');
}

async function tmuxOption(name: string): Promise<string> {
  try {
    const run = promisify(execFile);
    const { stdout } = await run('tmux', ['show-options', '-gvw', name], { timeout: TMUX_DEADLINE_MS });
    return /^\w{1,20}$/.exec(stdout.trim())?.[0] ?? 'unknown';
  } catch {
    return 'unknown';
  }
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
