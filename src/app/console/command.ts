import { canDraw } from '../capabilities.ts';
import type { Command } from '../commands/command.ts';

/**
 * The full-screen console. On a terminal that cannot draw, or without a keyboard, the same question is answered
 * once in plain text.
 */
export const consoleCommand: Command = async (invocation, io) => {
  if (!process.stdin.isTTY || !canDraw(io.env)) {
    const { check } = await import('../commands/check.ts');
    return check(invocation, io);
  }
  const { runConsole } = await import('./run.ts');
  return runConsole(invocation, io);
};
