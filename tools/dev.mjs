/**
 * The development loop: runs the console on the embedded homelab and starts it anew after every change of the
 * sources. Arguments go to the console, e.g. `npm run dev -- --scenario incident`. Leave with q as usual.
 */
import { spawn } from 'node:child_process';
import { resolve } from 'node:path';
import * as esbuild from 'esbuild';
import { options, root } from './build.mjs';

/** @type {import('node:child_process').ChildProcess | undefined} */
let running;

/** Starts the console; when the user leaves it, development is over. */
function start() {
  const child = spawn(resolve(root, 'bin/homelab-top'), ['--demo', ...process.argv.slice(2)], {
    stdio: 'inherit',
  });
  running = child;
  child.once('exit', (code) => {
    if (running === child) process.exit(code ?? 1);
  });
}

/** Ends the console for a restart; resolves when it has given the terminal back. */
async function stop() {
  const child = running;
  if (child === undefined) return;
  running = undefined;
  const ended = new Promise((done) => child.once('exit', done));
  child.kill('SIGTERM');
  await ended;
}

/** @type {import('esbuild').Plugin} */
const restart = {
  name: 'restart',
  setup(build) {
    build.onEnd(async ({ errors, warnings }) => {
      await stop();
      for (const [kind, messages] of /** @type {const} */ ([
        ['error', errors],
        ['warning', warnings],
      ])) {
        for (const text of await esbuild.formatMessages(messages, { kind, color: true })) console.error(text);
      }
      if (errors.length === 0) start();
      else console.error('waiting for a change …');
    });
  },
};

const context = await esbuild.context({
  ...options,
  logLevel: 'silent',
  plugins: [...(options.plugins ?? []), restart],
});
await context.watch();
