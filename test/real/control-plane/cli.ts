import { join } from 'node:path';
import { down, up } from './cluster.ts';
import { STATE } from './parts.ts';
import { USERS } from './users.ts';

/** `up` prints a kubeconfig path per user; `down` ends every process and forgets the data. */
const commands: Readonly<Record<string, () => Promise<void>>> = {
  async up() {
    await up();
    for (const user of USERS) process.stdout.write(`${join(STATE, `${user}.kubeconfig`)}\n`);
  },
  down,
};

const command = commands[process.argv[2] ?? ''];
if (command === undefined) throw new Error('usage: cli.ts up|down');
await command();
