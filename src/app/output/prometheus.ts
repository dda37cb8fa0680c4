import type { Area } from '../../domain/finding.ts';
import { flatten, type Report } from './report.ts';

/** One metric family of the text exposition format. */
interface Family {
  readonly name: string;
  readonly help: string;
  readonly samples: readonly { readonly labels: Readonly<Record<string, string>>; readonly value: number }[];
}

const SEVERITIES = ['critical', 'warning', 'unknown', 'info'] as const;

/**
 * Formats a report in Prometheus' text exposition format 0.0.4, as node_exporter's textfile collector takes it.
 * All are gauges; what is unknown has no sample, so that `absent()` can alert on it.
 */
export function formatPrometheus(report: Report): string {
  return families(report)
    .filter(({ samples }) => samples.length > 0)
    .map(formatFamily)
    .join('');
}

function families(report: Report): Family[] {
  const { score, exitCode, at, context, serverVersion } = report;
  return [
    single('exit_code', 'Verdict: 0 healthy, 1 warning, 2 critical, 3 unknown.', exitCode),
    single('check_timestamp_seconds', 'When the check was made.', at / 1000),
    {
      name: 'info',
      help: 'What was checked.',
      samples: [{ labels: { context, server_version: serverVersion ?? '' }, value: 1 }],
    },
    single('score', 'Health score of the whole cluster, 0 to 100.', score.value),
    {
      name: 'score_loss',
      help: 'Points lost from the health score, by component.',
      samples: score.losses.map(({ component, points }) => ({ labels: { component }, value: points })),
    },
    findingCounts(report),
    findingSamples(report),
    {
      name: 'source_up',
      help: 'Whether a source was read and is current.',
      samples: report.sources
        .filter(({ status }) => status !== 'absent')
        .map(({ name, status }) => ({ labels: { source: name }, value: status === 'live' ? 1 : 0 })),
    },
    ...metricFamilies(report),
  ];
}

function single(name: string, help: string, value: number | undefined): Family {
  return { name, help, samples: value === undefined ? [] : [{ labels: {}, value }] };
}

/** Every combination has a sample, zero included: a series that vanishes cannot be alerted on. */
function findingCounts({ areas, findings }: Report): Family {
  const all = flatten(findings);
  const count = (severity: string, area: Area): number =>
    all.filter((finding) => finding.severity === severity && finding.area === area).length;
  return {
    name: 'findings',
    help: 'Findings by severity and area.',
    samples: areas.flatMap((area) =>
      SEVERITIES.map((severity) => ({ labels: { severity, area }, value: count(severity, area) })),
    ),
  };
}

function findingSamples({ findings }: Report): Family {
  return {
    name: 'finding',
    help: 'One finding.',
    samples: flatten(findings).map(({ code, severity, area, subject }) => ({
      labels: {
        code,
        severity,
        area,
        kind: subject.kind,
        namespace: subject.namespace ?? '',
        name: subject.name,
      },
      value: 1,
    })),
  };
}

function metricFamilies({ metrics }: Report): Family[] {
  return [...Map.groupBy(metrics, ({ name }) => name)].map(([name, samples]) => ({
    name,
    help: samples[0]?.help ?? '',
    samples,
  }));
}

function formatFamily({ name, help, samples }: Family): string {
  const metric = `homelab_top_${name}`;
  // A scrape with the same series twice is rejected as a whole, and two findings may differ only in their text.
  const lines = new Set(samples.map(({ labels, value }) => `${metric}${formatLabels(labels)} ${value}\n`));
  return `# HELP ${metric} ${help}\n# TYPE ${metric} gauge\n${[...lines].join('')}`;
}

function formatLabels(labels: Readonly<Record<string, string>>): string {
  const pairs = Object.entries(labels).map(([name, value]) => `${name}="${escapeLabel(value)}"`);
  return pairs.length === 0 ? '' : `{${pairs.join(',')}}`;
}

function escapeLabel(value: string): string {
  return value.replace(/\\/g, '\\\\').replace(/"/g, '\\"').replace(/\n/g, '\\n');
}
