import type { NodeUsage, PodUsage } from '../../../domain/kinds.ts';
import { parseQuantity } from '../../../domain/quantity.ts';
import type { Interner } from '../intern.ts';
import { isRecord, list, type Raw, record, time } from '../raw.ts';
import { nameOf, word } from './meta.ts';

/** One item of a NodeMetricsList. */
export function projectNodeUsage(raw: Raw, now: number): NodeUsage | undefined {
  const name = nameOf(record(raw.metadata).name);
  return name === undefined ? undefined : { name, at: time(raw.timestamp) ?? now, ...usage(raw.usage) };
}

/** One item of a PodMetricsList; a pod's usage is the sum of its containers'. */
export function projectPodUsage(raw: Raw, now: number, intern: Interner): PodUsage | undefined {
  const metadata = record(raw.metadata);
  const name = nameOf(metadata.name);
  if (name === undefined) return undefined;
  const containers = list(raw.containers)
    .filter(isRecord)
    .map((each) => ({ name: word(each.name, intern) ?? '', ...usage(each.usage) }));
  return {
    namespace: word(metadata.namespace, intern) ?? '',
    name,
    at: time(raw.timestamp) ?? now,
    cpu: containers.reduce((sum, each) => sum + each.cpu, 0),
    memory: containers.reduce((sum, each) => sum + each.memory, 0),
    containers,
  };
}

function usage(value: unknown): { readonly cpu: number; readonly memory: number } {
  const { cpu, memory } = record(value);
  return { cpu: parseQuantity(cpu) ?? 0, memory: parseQuantity(memory) ?? 0 };
}
