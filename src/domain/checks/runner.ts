import { inputsOf, Memo } from '../memo.ts';
import type { SourceName } from '../state.ts';
import { Blame, type Check, type CheckContext } from './context.ts';
import type { Draft } from './draft.ts';
import { CHECKS } from './index.ts';

/** Verdicts that depend on time alone may be this old. */
const STEP_MS = 5000;

/** Runs all checks, each only when something it reads changed or the clock moved a step. */
export class CheckRunner {
  private readonly blame = new Blame();
  private readonly memos = new Map<Check, Memo<readonly Draft[]>>(
    CHECKS.map(({ check }) => [check, new Memo<readonly Draft[]>()]),
  );

  run(base: Omit<CheckContext, 'blame'>): readonly Draft[] {
    const step = Math.floor(base.now / STEP_MS);
    return CHECKS.flatMap(({ check, reads }) => this.runOne(check, reads, base, step));
  }

  private runOne(
    check: Check,
    reads: readonly SourceName[],
    base: Omit<CheckContext, 'blame'>,
    step: number,
  ): readonly Draft[] {
    // Every check may ask what is wrong with pods.
    const inputs = [step, base.pods.version, ...inputsOf(base.state, reads)];
    const memo = this.memos.get(check);
    const compute = () => check({ ...base, blame: this.blame });
    return memo === undefined ? compute() : memo.get(inputs, compute);
  }
}
