import { dataOf } from './snapshot.ts';
import type { ClusterState, SourceName } from './state.ts';

/** Keeps a result as long as its inputs are the same, compared one by one. */
export class Memo<R> {
  private inputs: readonly unknown[] | undefined;
  private result: R | undefined;

  get(inputs: readonly unknown[], compute: () => R): R {
    const known = this.inputs;
    const same = known?.length === inputs.length && inputs.every((input, index) => input === known[index]);
    if (!same) {
      this.result = compute();
      this.inputs = inputs;
    }
    return this.result as R;
  }
}

/** What tells whether any of these sources changed: their status, their data and its version. */
export function inputsOf(state: ClusterState, sources: readonly SourceName[]): readonly unknown[] {
  return sources.flatMap((source) => {
    const data: unknown = dataOf<unknown>(state[source]);
    const version = typeof data === 'object' && data !== null && 'version' in data ? data.version : undefined;
    return [state[source].status, data, version];
  });
}
