import { type Severity, worst } from '../../domain/severity.ts';
import { SOURCE_NAMES } from '../../domain/state.ts';
import type { Line } from '../../views/model.ts';
import { severityGlyph, severityToken } from '../../views/ui/glyphs.ts';
import type { Invocation } from '../args.ts';
import { resolveSettings } from '../config.ts';
import { examineConnection, examineSources, missingRole } from '../doctor/cluster.ts';
import { examineProgram, examineTerminal } from '../doctor/local.ts';
import type { Result } from '../doctor/result.ts';
import { complaintOf, EXIT } from '../errors.ts';
import { paintLines } from '../output/text.ts';
import { type Command, type CommandIo, looks, print, withSession } from './command.ts';

const EXIT_OF_SEVERITY: Readonly<Record<Severity, number>> = {
  ok: EXIT.healthy,
  info: EXIT.healthy,
  warning: EXIT.warning,
  critical: EXIT.critical,
  unknown: EXIT.unknown,
};

/** `doctor`: what works, what does not, and the fix. Exit code as the worst line; 3 when there is no cluster. */
export const doctor: Command = async (invocation, io) => {
  const { options } = invocation;
  const settings = await resolveSettings(options, io.env);
  const caps = looks(io.stdout, io.env, settings);
  const all: Result[] = [];
  const show = async (title: string, results: readonly Result[]): Promise<void> => {
    all.push(...results);
    const lines: Line[] = [[{ text: title, bold: true }], ...results.flatMap(resultLines), []];
    await print(io.stdout, paintLines(lines, caps));
  };
  await show('Program', await examineProgram(options, io.env));
  await show('Terminal', await examineTerminal(io.stdout, io.env));
  const { connection, sources, role } = await examineCluster(invocation, io);
  await show('Connection', connection);
  if (sources === undefined) return EXIT.unknown;
  await show('Sources', sources);
  if (role) await print(io.stdout, `The missing permissions as a ClusterRole to bind:\n\n${role}\n`);
  return EXIT_OF_SEVERITY[worst(all.map(({ severity }) => severity))];
};

interface ClusterExam {
  readonly connection: readonly Result[];
  /** Absent when the API server did not answer. */
  readonly sources?: readonly Result[];
  readonly role?: string;
}

async function examineCluster(invocation: Invocation, io: CommandIo): Promise<ClusterExam> {
  const startedAt = io.now();
  try {
    return await withSession(invocation, io, ['server'], async (session, _settings, deadlineMs) => {
      const connection = examineConnection(session.target, session.state().server, io.now() - startedAt);
      if (session.state().server.status !== 'live') return { connection };
      await session.settled(SOURCE_NAMES, deadlineMs);
      const role = missingRole(session.state());
      return { connection, sources: examineSources(session.state()), ...(role && { role }) };
    });
  } catch (error) {
    const { message, fix, exitCode } = complaintOf(error);
    // Only trouble on the way to a cluster is a finding; wrong usage, interruption and bugs are told as ever.
    if (exitCode !== EXIT.unknown) throw error;
    return { connection: [{ severity: 'critical', what: 'cluster', detail: message, ...(fix && { fix }) }] };
  }
}

function resultLines({ severity, what, detail, fix }: Result): Line[] {
  return [
    [
      { text: `  ${severityGlyph(severity)}`, token: severityToken(severity) },
      { text: ` ${what.padEnd(15)}` },
      { text: detail },
    ],
    ...(fix ? [[{ text: `${' '.repeat(19)}fix: `, token: 'muted' } as const, { text: fix }]] : []),
  ];
}
