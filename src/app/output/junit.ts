import type { Area, Finding } from '../../domain/finding.ts';
import { flatten, type Report } from './report.ts';

/**
 * Formats a report as JUnit XML: one suite for each area with one case for each finding, and one suite that holds a
 * case for each source. Critical and warning are failures, what is unknown or unread is an error.
 */
export function formatJunit(report: Report): string {
  const suites = [...report.areas.map((area) => areaSuite(area, report.findings)), sourceSuite(report)];
  const sum = (key: 'tests' | 'failures' | 'errors'): number =>
    suites.reduce((total, suite) => total + suite[key], 0);
  const time = new Date(report.at).toISOString();
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="homelab-top ${escapeXml(report.context)}" tests="${sum('tests')}" failures="${sum('failures')}" errors="${sum('errors')}" time="0">`,
    ...suites.map((suite) => suiteXml(suite, time)),
    '</testsuites>',
    '',
  ].join('\n');
}

interface Case {
  readonly name: string;
  readonly className: string;
  readonly outcome: 'passed' | 'failure' | 'error';
  readonly type: string;
  readonly message: string;
  readonly details: string;
}

interface Suite {
  readonly name: string;
  readonly cases: readonly Case[];
  readonly tests: number;
  readonly failures: number;
  readonly errors: number;
}

function suiteOf(name: string, cases: readonly Case[]): Suite {
  const count = (outcome: Case['outcome']): number => cases.filter((one) => one.outcome === outcome).length;
  return { name, cases, tests: cases.length, failures: count('failure'), errors: count('error') };
}

function areaSuite(area: Area, findings: readonly Finding[]): Suite {
  const cases = flatten(findings)
    .filter((finding) => finding.area === area)
    .map(findingCase);
  return suiteOf(area, cases.length > 0 ? cases : [passed(area, 'no findings')]);
}

function sourceSuite({ sources }: Report): Suite {
  const cases = sources.map(({ name, status, reason = '', fix = '' }): Case => {
    if (status === 'live') return passed('sources', name);
    if (status === 'absent') return passed('sources', `${name}: ${reason}`);
    return { name, className: 'sources', outcome: 'error', type: status, message: reason, details: fix };
  });
  return suiteOf('sources', cases);
}

function passed(className: string, name: string): Case {
  return { name, className, outcome: 'passed', type: '', message: '', details: '' };
}

function findingCase({ id, code, severity, area, title, evidence, cause, advice }: Finding): Case {
  const outcome = severity === 'unknown' ? 'error' : severity === 'info' ? 'passed' : 'failure';
  const details = [
    ...(cause ? [`cause: ${cause}`] : []),
    ...evidence.map(({ text }) => text),
    ...advice.map((step) => `fix: ${step}`),
  ];
  return {
    name: id,
    className: `${area}.${code}`,
    outcome,
    type: severity,
    message: title,
    details: details.join('\n'),
  };
}

function suiteXml({ name, cases, tests, failures, errors }: Suite, time: string): string {
  return [
    `  <testsuite name="${escapeXml(name)}" tests="${tests}" failures="${failures}" errors="${errors}" skipped="0" time="0" timestamp="${time}">`,
    ...cases.map(caseXml),
    '  </testsuite>',
  ].join('\n');
}

function caseXml({ name, className, outcome, type, message, details }: Case): string {
  const attributes = `name="${escapeXml(name)}" classname="${escapeXml(className)}" time="0"`;
  if (outcome === 'passed') {
    return message === ''
      ? `    <testcase ${attributes}/>`
      : `    <testcase ${attributes}><system-out>${escapeXml(message)}</system-out></testcase>`;
  }
  const reason = `<${outcome} type="${escapeXml(type)}" message="${escapeXml(message)}">${escapeXml(details)}</${outcome}>`;
  return `    <testcase ${attributes}>${reason}</testcase>`;
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
};

/** XML 1.0 has no way to write most control characters or lone surrogates, so they become U+FFFD. */
function escapeXml(text: string): string {
  return text
    .toWellFormed()
    .replace(/[\0-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufffe\uffff]/g, '\ufffd')
    .replace(/[&<>"']/g, (character) => ENTITIES[character] ?? character);
}
