import { describe, expect, test } from 'vitest';
import { ManualClock } from '../../src/demo/clock.ts';

describe('ManualClock', () => {
  test('runs due timers in the order of their time, also those that timers set', () => {
    const clock = new ManualClock(1000);
    const ran: string[] = [];
    clock.setTimeout(() => ran.push(`late@${clock.now()}`), 20);
    clock.setTimeout(() => {
      ran.push(`early@${clock.now()}`);
      clock.setTimeout(() => ran.push(`nested@${clock.now()}`), 5);
    }, 10);
    clock.setTimeout(() => ran.push('never'), 31);
    clock.advance(30);
    expect(ran).toEqual(['early@1010', 'nested@1015', 'late@1020']);
    expect(clock.now()).toBe(1030);
  });

  test('a cancelled timer does not run', () => {
    const clock = new ManualClock(0);
    let ran = false;
    const cancel = clock.setTimeout(() => {
      ran = true;
    }, 1);
    cancel();
    clock.advance(10);
    expect(ran).toBe(false);
  });
});
