import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { UsageError } from '../errors.ts';
import { writePrivateFile } from '../paths.ts';
import { type Command, demoOptions, print, unlessAborted } from './command.ts';

/** `simulate`: serves the embedded homelab until the program is told to end. Exit code 0. */
export const simulate: Command = async ({ options }, io) => {
  const homelab = await io.startHomelab(demoOptions(options));
  try {
    const wanted = options['write-kubeconfig'];
    const kubeconfig = wanted ? await copyOf(homelab.kubeconfig, resolve(wanted)) : homelab.kubeconfig;
    await print(io.stdout, instructions(kubeconfig));
    await unlessAborted(new Promise<never>(() => undefined), io.signal).catch(() => undefined);
    return 0;
  } finally {
    await homelab.stop();
  }
};

async function copyOf(source: string, path: string): Promise<string> {
  try {
    await writePrivateFile(path, await readFile(source, 'utf8'));
  } catch (error) {
    const exists = error instanceof Error && 'code' in error && error.code === 'EEXIST';
    throw new UsageError(exists ? 'will not replace an existing file' : `cannot write: ${String(error)}`, {
      where: path,
      fix: 'name a new file with --write-kubeconfig',
    });
  }
  return path;
}

function instructions(kubeconfig: string): string {
  return [
    `Embedded homelab is up. Its kubeconfig: ${kubeconfig}`,
    '',
    `  export KUBECONFIG=${shellQuote(kubeconfig)}`,
    '  kubectl get pods -A',
    '  homelab-top',
    '',
    'It runs until Ctrl-C.',
    '',
  ].join('\n');
}

function shellQuote(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}
