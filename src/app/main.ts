import { runCli, systemIo } from './cli.ts';
import { consoleCommand } from './console/command.ts';

process.exit(await runCli(process.argv.slice(2), systemIo(), consoleCommand));
