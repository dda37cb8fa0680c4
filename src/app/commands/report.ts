import { AREAS } from '../../domain/checks/areas.ts';
import { SOURCE_NAMES } from '../../domain/state.ts';
import { formatJson } from '../output/json.ts';
import { formatMarkdown } from '../output/markdown.ts';
import { REDACTED, redactor } from '../output/redact.ts';
import { assessAreas } from './check.ts';
import { type Command, print, withSession } from './command.ts';

/** `report`: everything that is wrong, masked so that it can be posted. Exit codes as `check`. */
export const report: Command = (invocation, io) =>
  withSession(invocation, io, SOURCE_NAMES, async (session) => {
    const redact = redactor(session.target);
    const redacted = redact(assessAreas(session, AREAS, io.now()));
    const format = invocation.options.output === 'json' ? formatJson : formatMarkdown;
    await print(io.stdout, format(redacted, REDACTED));
    return redacted.exitCode;
  });
