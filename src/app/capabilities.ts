import type { Caps } from '../views/ui/theme.ts';

type Env = Readonly<Record<string, string | undefined>>;

/** What flags and config say about the looks; undefined means "decide from the environment". */
export interface LookOptions {
  readonly theme?: Caps['theme'];
  readonly ascii?: boolean;
  readonly color?: boolean;
}

/** Whether the locale promises UTF-8, by the precedence of POSIX: LC_ALL, LC_CTYPE, LANG. */
export function isUtf8(env: Env): boolean {
  const locale = env.LC_ALL || env.LC_CTYPE || env.LANG || '';
  return /utf-?8/i.test(locale);
}

/** Whether full-screen drawing makes sense on this terminal at all. */
export function canDraw(env: Env): boolean {
  return env.TERM !== 'dumb' && env.TERM !== '';
}

/** Chooses colours and glyphs once at start, from flags first, then NO_COLOR, TERM, COLORTERM and locale. */
export function capabilities(env: Env, options: LookOptions): Caps {
  const noColor = options.color === false || Boolean(env.NO_COLOR) || !canDraw(env);
  const truecolor = /truecolor|24bit/i.test(env.COLORTERM ?? '');
  const theme = noColor ? 'mono' : (options.theme ?? 'ansi16');
  const plainTerminal = env.TERM === 'linux' || !canDraw(env);
  return {
    theme,
    color: theme === 'mono' ? 'none' : theme !== 'ansi16' && truecolor ? 'truecolor' : '16',
    unicode: !(options.ascii ?? (!isUtf8(env) || plainTerminal)),
    screenReader: env.INK_SCREEN_READER === 'true',
  };
}
