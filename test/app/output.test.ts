import { describe, expect, it } from 'vitest';
import { formatJson } from '../../src/app/output/json.ts';
import { formatJunit } from '../../src/app/output/junit.ts';
import { code, formatMarkdown, prose } from '../../src/app/output/markdown.ts';
import { formatPrometheus } from '../../src/app/output/prometheus.ts';
import { REDACTED, redactor } from '../../src/app/output/redact.ts';
import { pendingSources, reportOf } from '../../src/app/output/report.ts';
import { formatText } from '../../src/app/output/text.ts';
import { assessment, CONTROL_BYTES, clusterState, finding, HOSTILE, report, TARGET } from './sample.ts';

const PLAIN = { color: 'none', theme: 'mono', unicode: true, screenReader: false } as const;

describe('reportOf', () => {
  it('keeps and counts the findings of the asked areas', () => {
    const only = reportOf({
      target: TARGET,
      state: clusterState(),
      assessment: assessment(),
      areas: ['nodes'],
      sources: ['nodes'],
      exitCode: 2,
    });
    expect(only.findings.map(({ code }) => code)).toEqual(['node-down']);
    expect(only.counts).toEqual({ critical: 1, warning: 0, unknown: 0, info: 0 });
    expect(only.sources.map(({ name }) => name)).toEqual(['nodes']);
  });

  it('keeps a root of another area for the sake of its consequences, without counting it', () => {
    const only = reportOf({
      target: TARGET,
      state: clusterState(),
      assessment: assessment(),
      areas: ['pods'],
      sources: ['pods'],
      exitCode: 1,
    });
    expect(only.findings.map(({ code }) => code)).toEqual(['node-down', 'pod-oom']);
    expect(only.counts).toEqual({ critical: 0, warning: 2, unknown: 0, info: 0 });
  });

  it('names only the sources that gave no answer at all', () => {
    const late = {
      ...report(),
      sources: [...report().sources, { name: 'jobs', status: 'pending' } as const],
    };
    expect(pendingSources(report())).toEqual([]);
    expect(pendingSources(late)).toEqual(['jobs']);
    expect(formatText(late, PLAIN)).toContain('No answer in time\n  ? jobs\n');
    expect(formatMarkdown(late, [])).toContain('## No answer in time\n\njobs');
  });
});

describe('text', () => {
  it('tells verdict, findings with reasons, and score with losses', () => {
    const text = formatText(report(), PLAIN);
    const lines = text.split('\n');
    expect(lines[0]).toBe('✗ critical  1 critical  2 warnings  1 unknown  score 93/100');
    expect(lines[1]).toContain('talos-home  v1.33.1');
    expect(lines[2]).toBe('  nodes 3/3  pods 54/57  workloads 3/3  volumes ?  services 3/3');
    expect(text).toContain('✗ node ms-01-b stopped reporting');
    expect(text).toContain('    so ▲ pod lost its node  airflow  2h\n');
    expect(text).toContain('cause    memory limit 2Gi is too small');
    expect(text).toContain('fix      raise the memory limit');
    expect(text).toContain('Score 93/100\n   -7.0  pods  3 of 57 pods have problems');
    expect(text).not.toMatch(CONTROL_BYTES);
  });

  it('uses no colour codes when told so and some when allowed', () => {
    expect(formatText(report(), PLAIN)).not.toContain('\x1b');
    expect(formatText(report(), { ...PLAIN, color: '16', theme: 'ansi16' })).toContain('\x1b[');
  });

  it('is pure ASCII in ascii mode', () => {
    const text = formatText(report({ findings: [finding({ title: 'naïve pod ✗' })] }), {
      ...PLAIN,
      unicode: false,
    });
    expect(text).toMatch(/^[\n\x20-\x7e]*$/);
    expect(text).toContain('X critical');
  });

  it('says that the score is unknown rather than 0', () => {
    const text = formatText(report({ score: { value: undefined, losses: [], unknown: ['pods'] } }), PLAIN);
    expect(text).toContain('score unknown');
    expect(text).toContain('?  not counted, because unknown: pods');
    expect(text).not.toContain('0/100');
  });
});

describe('json', () => {
  it('is versioned, complete and parses back', () => {
    const document = JSON.parse(formatJson(report()));
    expect(document).toMatchObject({
      schemaVersion: 1,
      at: '2025-06-11T12:00:00.000Z',
      context: 'talos-home',
      server: { url: TARGET.server, version: 'v1.33.1' },
      areas: ['nodes', 'pods', 'storage', 'network'],
      status: 'critical',
      exitCode: 2,
      counts: { critical: 1, warning: 2, unknown: 1, info: 0 },
      score: { value: 93, losses: [{ component: 'pods', points: 7, bad: 3, total: 57 }] },
    });
    expect(document.findings[0].consequences[0]).toMatchObject({
      code: 'pod-lost',
      since: '2025-06-11T10:00:00.000Z',
      evidence: [{ at: '2025-06-11T11:00:00.000Z' }],
    });
    expect(document.sources).toContainEqual({
      name: 'pods',
      status: 'stale',
      reason: 'no answer',
      ageSeconds: 60,
    });
    expect(document.measures).toContainEqual({ name: 'pods.healthy', unit: 'pods', of: 57, value: 54 });
  });

  it('says null, never 0, for numbers that are not known', () => {
    const document = JSON.parse(formatJson(report({ score: { value: undefined, losses: [], unknown: [] } })));
    expect(document.score.value).toBeNull();
    expect(document.measures).toContainEqual({
      name: 'volumes.bound',
      unit: 'volumes',
      value: null,
      why: 'not permitted',
    });
  });

  it('survives a time that is out of range', () => {
    const document = JSON.parse(formatJson(report({ findings: [finding({ since: Number.MAX_VALUE })] })));
    expect(document.findings[0].since).toBeNull();
  });
});

/** A parser of the exposition format that accepts nothing but what the format allows. */
function parseExposition(text: string): Map<string, number> {
  const series = new Map<string, number>();
  let family = '';
  for (const line of text.trimEnd().split('\n')) {
    const header = /^# (HELP|TYPE) ([a-z_]+) (.+)$/.exec(line);
    if (header) {
      if (header[1] === 'TYPE') expect(header[3]).toBe('gauge');
      family = header[2] ?? '';
      continue;
    }
    const sample = /^([a-z_]+)(\{(?:[a-z_]+="(?:[^"\\\n]|\\["\\n])*",?)*\})? (-?[\d.e+-]+)$/.exec(line);
    expect(sample, line).not.toBeNull();
    expect(sample?.[1], 'sample outside its family').toBe(family);
    const key = `${sample?.[1]}${sample?.[2] ?? ''}`;
    expect(series.has(key), `duplicate ${key}`).toBe(false);
    series.set(key, Number(sample?.[3]));
  }
  return series;
}

describe('prometheus', () => {
  it('is a valid exposition with the documented series', () => {
    const series = parseExposition(formatPrometheus(report()));
    expect(series.get('homelab_top_score')).toBe(93);
    expect(series.get('homelab_top_exit_code')).toBe(2);
    expect(series.get('homelab_top_findings{severity="critical",area="nodes"}')).toBe(1);
    expect(series.get('homelab_top_findings{severity="critical",area="network"}')).toBe(0);
    expect(series.get('homelab_top_source_up{source="pvcs"}')).toBe(0);
    expect(series.get('homelab_top_source_up{source="nodes"}')).toBe(1);
    expect(series.has('homelab_top_source_up{source="nodeUsage"}')).toBe(false);
    expect(series.get('homelab_top_objects_ok{kind="pods"}')).toBe(54);
    expect(
      series.get('homelab_top_restarts{kind="Deployment",namespace="airflow",name="web\\"server\\\\"}'),
    ).toBe(98);
  });

  it('has each family once and no duplicate series for equal findings', () => {
    const text = formatPrometheus(report({ findings: [finding({ id: 'a' }), finding({ id: 'b' })] }));
    parseExposition(text);
    const families = text.match(/^# TYPE \S+/gm) ?? [];
    expect(new Set(families).size).toBe(families.length);
  });

  it('has no sample for what is not known', () => {
    expect(formatPrometheus(report())).not.toContain('kind="volumes"');
    const text = formatPrometheus(report({ score: { value: undefined, losses: [], unknown: [] } }));
    expect(text).not.toContain('homelab_top_score ');
  });
});

/** Reads XML with tags, attributes and text only; throws on anything that is not well formed. */
function parseXml(text: string): { name: string; attributes: Record<string, string>; parent: string }[] {
  const elements: { name: string; attributes: Record<string, string>; parent: string }[] = [];
  const open: string[] = [];
  const body = text.replace(/^<\?xml version="1\.0" encoding="UTF-8"\?>\n/, '');
  const tokens = body.match(/<[^>]*>|[^<]+/g) ?? [];
  const decode = (raw: string): string => {
    if (/&(?!(amp|lt|gt|quot|apos);)/.test(raw)) throw new Error(`bare ampersand in ${raw}`);
    return raw
      .replace(/&lt;/g, '<')
      .replace(/&gt;/g, '>')
      .replace(/&quot;/g, '"')
      .replace(/&apos;/g, "'")
      .replace(/&amp;/g, '&');
  };
  for (const token of tokens) {
    if (!token.startsWith('<')) decode(token);
    else if (token.startsWith('</')) {
      if (open.pop() !== token.slice(2, -1)) throw new Error(`unbalanced ${token}`);
    } else {
      const match = /^<([a-z-]+)((?: [a-z]+="[^"<]*")*)(\/?)>$/.exec(token);
      if (!match?.[1]) throw new Error(`malformed ${token}`);
      const pairs = [...(match[2] ?? '').matchAll(/ ([a-z]+)="([^"]*)"/g)];
      elements.push({
        name: match[1],
        attributes: Object.fromEntries(pairs.map((pair) => [pair[1], decode(pair[2] ?? '')])),
        parent: open.at(-1) ?? '',
      });
      if (!match[3]) open.push(match[1]);
    }
  }
  if (open.length > 0) throw new Error(`unclosed ${open.join()}`);
  return elements;
}

describe('junit', () => {
  it('is well formed and counts what it holds', () => {
    const elements = parseXml(formatJunit(report()));
    const count = (name: string): number => elements.filter((element) => element.name === name).length;
    const root = elements[0]?.attributes;
    expect(Number(root?.tests)).toBe(count('testcase'));
    expect(Number(root?.failures)).toBe(count('failure'));
    expect(Number(root?.errors)).toBe(count('error'));
    expect(count('failure')).toBe(3);
    // the unknown finding and three unread sources
    expect(count('error')).toBe(4);
  });

  it('keeps hostile text as text', () => {
    const elements = parseXml(formatJunit(report()));
    expect(elements.some(({ attributes }) => attributes.message === HOSTILE)).toBe(true);
    expect(formatJunit(report({ findings: [finding({ title: 'bad\x00\x1b\ud800' })] }))).not.toMatch(
      CONTROL_BYTES,
    );
  });

  it('has a passing case for an area without findings', () => {
    const elements = parseXml(formatJunit(report({ findings: [] })));
    expect(elements.filter(({ attributes }) => attributes.name === 'no findings').length).toBe(4);
  });
});

describe('markdown', () => {
  const text = formatMarkdown(report(), REDACTED);

  it('has the findings under their headings, nested consequences and the score', () => {
    expect(text).toContain('# homelab-top triage: critical');
    expect(text).toContain('### ✗ node ms-01-b stopped reporting');
    expect(text).toContain('- therefore: ▲ pod lost its node');
    expect(text).toContain('- −7.0 pods: 3 of 57 pods have problems');
    expect(text).toContain('Masked: API server address');
  });

  it('lets no data open HTML, a link, a mention, a reference or a table cell', () => {
    const outsideCode = text.replace(/(`+)(?!`).*?[^`]\1(?!`)/g, '');
    expect(outsideCode).not.toMatch(/(?<!\\)<(?!!-- -->)/);
    expect(outsideCode).not.toMatch(/@\w/);
    expect(outsideCode).not.toMatch(/[^#\n]#\d/);
    expect(outsideCode).not.toMatch(/(?<!\\)\]\(/);
    expect(outsideCode).not.toContain('http://');
  });

  it.each([
    ['a`b', '``a`b``'],
    ['``', '``` `` ```'],
    ['two\nlines', '`two lines`'],
    ['', '`  `'],
  ])('code span of %j', (raw, expected) => {
    expect(code(raw)).toBe(expected);
  });

  it('does not let prose start a list, a heading or a line', () => {
    expect(prose('98 restarts (2h)')).toBe('98 restarts (2h)');
    expect(prose('- item')).toBe('\\- item');
    expect(prose('# head')).toBe('\\# head');
    expect(prose('1. one')).toBe('\\1. one');
    expect(prose('a\n\n# b')).toBe('a # b');
  });
});

describe('redactor', () => {
  const redact = redactor({ server: 'https://kube.home.example:6443', user: 'erika' });

  it.each([
    ['dial tcp 10.43.7.12:80: connect refused', 'dial tcp <ip>:80: connect refused'],
    ['node at fd00:10::1 and ::1', 'node at <ip> and <ip>'],
    ['at 14:32:07 since 2025', 'at 14:32:07 since 2025'],
    ['image kubectl:v1.31.3', 'image kubectl:v1.31.3'],
    ['Get "https://kube.home.example:6443/api"', 'Get "<server>/api"'],
    ['lookup kube.home.example: no such host', 'lookup <server>: no such host'],
    ['User "erika" cannot list', 'User "<user>" cannot list'],
    ['erikas-app', 'erikas-app'],
    ['mail erika@home.example', 'mail <e-mail>'],
    ['https://bob:hunter2@git.example/x', 'https://<credential>@git.example/x'],
    ['--db-password=hunter2 --x', '--<credential> --x'],
    ['Authorization: Bearer abcdefgh.ijkl', 'Authorization: <token>'],
    ['eyJhbGciOiJSUzI1.eyJpc3MiOiJr.c2ln', '<token>'],
    ['ghp_0123456789abcdef0123', '<token>'],
    ['ip-10-0-0-12', '<ip>'],
  ])('%s', (raw, expected) => {
    expect(redact(raw)).toBe(expected);
  });

  it('reaches every string of a report and keeps its numbers', () => {
    const masked = redact(report({ findings: [finding({ evidence: [{ text: 'from 192.168.1.7' }] })] }));
    expect(JSON.stringify(masked)).not.toMatch(/192\.168|kube\.home\.example/);
    expect(masked.score.value).toBe(93);
    expect(masked.server).toBe('<server>');
  });
});
