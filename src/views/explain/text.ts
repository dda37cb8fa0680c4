/** How the texts of explain and details are laid out. */
import type { ObjectRef } from '../../domain/finding.ts';
import { age, relative } from '../../domain/format.ts';
import type { Condition } from '../../domain/kinds.ts';
import type { Severity } from '../../domain/severity.ts';
import { severityGlyph, severityWord } from '../ui/glyphs.ts';

const LABEL_WIDTH = 13;

/** A titled section after a blank line; nothing at all without lines. */
export function section(title: string, lines: readonly string[]): readonly string[] {
  return lines.length === 0 ? [] : ['', title, ...lines.map((line) => ` ${line}`)];
}

/** `label        value`; nothing without a value. */
export function field(label: string, value: string | number | undefined): readonly string[] {
  return value === undefined || value === '' ? [] : [`${label.padEnd(LABEL_WIDTH)}${value}`];
}

/** `2h ago`, or undefined when the moment is unknown. */
export function since(at: number | undefined, now: number): string | undefined {
  return at === undefined ? undefined : relative(at, now);
}

/** `▲ warning: OOMKilled 2h ago`. */
export function verdict(severity: Severity, note: string): string {
  const words = note === '' && severity === 'ok' ? 'nothing is known to be wrong' : note;
  return `${severityGlyph(severity)} ${severityWord(severity)}${words === '' ? '' : `: ${words}`}`;
}

/** `Kind namespace/name`. */
export function refText(ref: ObjectRef): string {
  return `${ref.kind} ${ref.namespace ? `${ref.namespace}/` : ''}${ref.name}`;
}

/** `key=value, key=value`. */
export function pairs(record: Readonly<Record<string, string>> | undefined): string {
  return Object.entries(record ?? {})
    .map(([key, value]) => `${key}=${value}`)
    .join(', ');
}

/** One line for each condition: type, status, for how long, reason and message. */
export function conditionLines(conditions: readonly Condition[], now: number): readonly string[] {
  return conditions.map(({ type, status, reason, message, since: at }) => {
    const why = [reason, message].filter((part) => part !== undefined && part !== '').join(': ');
    return `${type} ${status}${at === undefined ? '' : ` for ${age(now - at)}`}${why === '' ? '' : `  ${why}`}`;
  });
}
