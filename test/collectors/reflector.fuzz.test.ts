/** Seeded random schedules of changes and faults: whatever happens, the table is the truth again, and the server is spared. */
import { expect, it } from 'vitest';
import { FuzzServer, seeded, stateOf } from '../support/fuzzServer.ts';
import { Harness } from '../support/reflectorHarness.ts';

/** More by hand: HOMELAB_FUZZ=2000 npx vitest run test/collectors/reflector.fuzz.test.ts */
const SCHEDULES = Number(process.env.HOMELAB_FUZZ ?? 200);
const AT_ONCE = 50;
const STEPS = 40;
/** Seconds of one fault without end. */
const PLAGUE_S = 40;
const MINUTE = 60_000;
/** Longest wait of a reflector between two tries (backoff, forbidden, absent), and one more round of trouble. */
const RECOVERY_MS = 3 * MINUTE;

class Schedule {
  readonly seed: number;
  readonly problems: string[] = [];
  private readonly random: () => number;
  private readonly harness: Harness;
  private readonly fuzz: FuzzServer;
  private sinceBookmark = 0;

  private constructor(seed: number, random: () => number, harness: Harness, fuzz: FuzzServer) {
    this.seed = seed;
    this.random = random;
    this.harness = harness;
    this.fuzz = fuzz;
  }

  static async start(seed: number): Promise<Schedule> {
    const random = seeded(seed);
    const streaming = random() < 0.5;
    let fuzz: FuzzServer | undefined;
    const harness = await Harness.start({
      streaming: true,
      before: (server, clock) => {
        fuzz = new FuzzServer(server, { random, now: () => clock.now(), streaming });
      },
    });
    if (fuzz === undefined) throw new Error('no server');
    harness.clock.chance = random();
    return new Schedule(seed, random, harness, fuzz);
  }

  /** Some trouble, then some time. */
  step(): void {
    this.judge();
    this.fuzz.step();
    if (this.random() < 0.3) this.fuzz.step();
    if (this.random() < 0.05) this.harness.reflector.retryNow();
    this.pass(this.random() < 0.1 ? 2 * MINUTE * this.random() : 15_000 * this.random());
  }

  plague(): void {
    this.judge();
    this.fuzz.plague();
    this.pass(1_000);
  }

  heal(): void {
    this.fuzz.heal();
  }

  /** Lets time pass; a healthy server sends a bookmark each minute. */
  pass(ms: number): void {
    this.harness.clock.advance(ms);
    this.sinceBookmark += ms;
    if (this.sinceBookmark < MINUTE) return;
    this.sinceBookmark = 0;
    this.fuzz.bookmarks();
  }

  get recovered(): boolean {
    return this.harness.last?.status === 'live' && this.state === this.fuzz.truth;
  }

  private get state(): string {
    return stateOf(this.harness.table.values());
  }

  /** What is shown as live must have been true at some time. */
  judge(): void {
    if (this.harness.last?.status !== 'live' || this.fuzz.history.has(this.state)) return;
    this.problems.push(`shown as live, but never true:\n${this.state}`);
  }

  async end(): Promise<readonly string[]> {
    if (!this.recovered) {
      const { last, clock } = this.harness;
      this.problems.push(
        `not recovered: ${last?.status} ${JSON.stringify(last)} waiting ${clock.waiting}\n${this.state}\n--- is\n${this.fuzz.truth}`,
      );
    }
    await this.harness.stop();
    const { waiting } = this.harness.clock;
    if (waiting.length > 0) this.problems.push(`timers left: ${waiting}`);
    const busiest = mostWithin(MINUTE, this.fuzz.requestedAt);
    if (busiest > 60) this.problems.push(`${busiest} requests within a minute`);
    return [...this.problems, ...this.fuzz.violations].map((problem) => `seed ${this.seed}: ${problem}`);
  }
}

/** Largest number of times within any stretch of `span`. */
function mostWithin(span: number, times: readonly number[]): number {
  return Math.max(0, ...times.map((start) => times.filter((at) => at >= start && at < start + span).length));
}

/** Time for all sockets to carry what was written. */
async function delivered(): Promise<void> {
  for (let i = 0; i < 4; i += 1) await new Promise((resolve) => setTimeout(resolve, 2));
}

async function run(seeds: readonly number[]): Promise<readonly string[]> {
  const schedules = await Promise.all(seeds.map((seed) => Schedule.start(seed)));
  for (let step = 0; step < STEPS; step += 1) {
    for (const schedule of schedules) schedule.step();
    await delivered();
  }
  for (let second = 0; second < PLAGUE_S; second += 1) {
    for (const schedule of schedules) schedule.plague();
    await delivered();
  }
  for (const schedule of schedules) schedule.heal();
  for (let passed = 0; passed < RECOVERY_MS; passed += 5_000) {
    const ill = schedules.filter((schedule) => !schedule.recovered);
    if (ill.length === 0) break;
    for (const schedule of ill) schedule.pass(5_000);
    await delivered();
  }
  for (const schedule of schedules) schedule.judge();
  return (await Promise.all(schedules.map((schedule) => schedule.end()))).flat();
}

it('random faults: the table becomes the truth, without a storm, a needless list or two at once', async () => {
  const problems: string[] = [];
  for (let from = 0; from < SCHEDULES; from += AT_ONCE) {
    problems.push(...(await run(Array.from({ length: AT_ONCE }, (_, i) => from + i + 1))));
  }
  expect(problems.slice(0, 5)).toEqual([]);
}, 600_000);
