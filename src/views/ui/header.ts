import { clockTime, duration, plural } from '../../domain/format.ts';
import { dataOf } from '../../domain/snapshot.ts';
import type { Line, ScreenModel } from '../model.ts';
import { severityGlyph, severityToken } from './glyphs.ts';
import { cells, cutMiddle, line, lineCells, seg, spread } from './line.ts';
import { retryText } from './status.ts';

const NAME = 'homelab-top';
const COUNTED = ['critical', 'warning', 'unknown'] as const;

/** Row 1: who we are connected to and how, the lost API in red, counts, score and clock. */
export function header(model: ScreenModel, width: number): Line {
  const narrow = width < 80;
  const right = verdict(model, narrow);
  const status = statusSegments(model, narrow);
  const facts = width >= 110 && model.connection.status !== 'lost' ? clusterFacts(model) : [];
  const room = width - lineCells(right) - cells(NAME) - lineCells(status) - 6;
  const context = cutMiddle(model.session.context, Math.max(6, room));
  const spare = room - cells(context) - 3;
  const left = line(
    seg(NAME, 'text', { bold: true }),
    '  ',
    seg(context, 'accent'),
    '  ',
    status,
    facts.length > 0 && lineCells(facts) <= spare ? line('   ', facts) : '',
  );
  return spread(left, right, width);
}

function statusSegments(model: ScreenModel, narrow: boolean): Line {
  const { session, connection, ui } = model;
  const readOnly = session.mode === 'READ-ONLY';
  const shortMode = readOnly ? 'RO' : 'RW';
  const parts: Line[] = [[seg(narrow ? shortMode : session.mode, 'text', readOnly ? { inverse: true } : {})]];
  if (session.demo) parts.push([seg('DEMO', 'text', { inverse: true })]);
  if (connection.status === 'lost') parts.push([seg(lostText(model), 'critical', { inverse: true })]);
  // The embedded homelab is on loopback, and a server that cannot be reached cannot be an impostor either.
  else if (session.insecure && !session.demo) {
    parts.push([seg(narrow ? '!TLS' : 'INSECURE TLS', 'warning', { inverse: true })]);
  }
  if (ui.frozenAt !== undefined) parts.push([seg('FROZEN', 'text', { inverse: true })]);
  return parts.flatMap((part, index) => (index === 0 ? part : [seg(' '), ...part]));
}

/** `API ✗ unreachable 42s, retry in 8s`. */
export function lostText(model: ScreenModel): string {
  const { connection } = model;
  if (connection.status !== 'lost') return '';
  const { error } = connection;
  const next = retryText(error, model.now);
  const since = duration(model.now - connection.since);
  // Where there is no room, the status row says when it is tried again.
  return `API ${severityGlyph('critical')} ${error.kind} ${since}${model.columns < 110 ? '' : next}`;
}

/** `v1.33.1 · 3 nodes · 142 pods`, leaving out what is not known. */
function clusterFacts(model: ScreenModel): Line {
  const { server, nodes, pods } = model.state;
  const nodeCount = dataOf(nodes)?.size;
  const podCount = dataOf(pods)?.size;
  const facts = [
    dataOf(server)?.version,
    nodeCount === undefined ? undefined : plural(nodeCount, 'node'),
    podCount === undefined ? undefined : plural(podCount, 'pod'),
  ].filter((fact) => fact !== undefined);
  return facts.length === 0 ? [] : [seg(facts.join(' · '), 'muted')];
}

/** Counts of findings that are not zero, the score (`–` while unknown) and the clock. */
function verdict(model: ScreenModel, narrow: boolean): Line {
  const { counts, score } = model.judge.assessment;
  const shown = COUNTED.filter((severity) => counts[severity] > 0);
  const gap = narrow ? '' : ' ';
  const value = score.value === undefined ? '–' : String(Math.round(score.value));
  return line(
    ' ',
    ...shown.map((severity) =>
      line(
        seg(severityGlyph(severity), severityToken(severity)),
        seg(`${gap}${counts[severity]}`, severityToken(severity)),
        narrow ? ' ' : '  ',
      ),
    ),
    narrow ? ` ${value}` : ` score ${value}`,
    seg(`  ${clockTime(model.now).slice(0, 5)}`, 'muted'),
  );
}
