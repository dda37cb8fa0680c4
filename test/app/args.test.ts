import { describe, expect, it } from 'vitest';
import { parseCommandLine } from '../../src/app/args.ts';
import { complaintOf, didYouMean, formatComplaint } from '../../src/app/errors.ts';
import { helpText } from '../../src/app/help.ts';
import { COMMANDS, type CommandName, OPTIONS } from '../../src/app/options.ts';

const words = (line: string): string[] => line.split(' ').filter(Boolean);

describe('parseCommandLine', () => {
  it.each([
    ['', { command: 'console', options: {}, operands: [] }],
    ['--demo', { command: 'console', options: { demo: true }, operands: [] }],
    ['check', { command: 'check', options: {}, operands: [] }],
    [
      'check nodes k8s -o json',
      { command: 'check', options: { output: 'json' }, operands: ['nodes', 'k8s'] },
    ],
    ['-o=json check', { command: 'check', error: true }],
    ['--output=junit check pods', { command: 'check', options: { output: 'junit' }, operands: ['pods'] }],
    ['check -ojson', { command: 'check', options: { output: 'json' }, operands: [] }],
    [
      '--context home -n media',
      { command: 'console', options: { context: 'home', namespace: 'media' }, operands: [] },
    ],
    ['check --timeout 5', { command: 'check', options: { timeout: 5 }, operands: [] }],
    [
      'simulate --port 20101 --nodes 5 --pods 1000',
      { command: 'simulate', options: { port: 20101, nodes: 5, pods: 1000 }, operands: [] },
    ],
    ['check -- nodes', { command: 'check', options: {}, operands: ['nodes'] }],
    ['--help', { command: 'help', options: {}, operands: [] }],
    ['check -h', { command: 'help', options: {}, operands: ['check'] }],
    ['help report', { command: 'help', options: {}, operands: ['report'] }],
    ['--version', { command: 'version', options: {}, operands: [] }],
    ['version', { command: 'version', options: {}, operands: [] }],
  ])('%s', (line, expected) => {
    if ('error' in expected) expect(() => parseCommandLine(words(line))).toThrow('must be one of');
    else expect(parseCommandLine(words(line))).toEqual(expected);
  });

  it.each([
    ['--kubconfig x', 'unknown option --kubconfig', 'did you mean --kubeconfig?'],
    ['--zzz', 'unknown option --zzz', 'homelab-top --help'],
    ['-x', 'unknown option -x', 'homelab-top --help'],
    ['chekc', 'unknown command chekc', 'did you mean check?'],
    ['frobnicate', 'unknown command frobnicate', 'homelab-top --help'],
    ['constructor', 'unknown command constructor', 'homelab-top --help'],
    ['--constructor', 'unknown option --constructor', 'homelab-top --help'],
    ['--context', '--context needs a value: --context NAME', ''],
    ['--context --ascii', '--context needs a value', ''],
    ['--context=', '--context needs a value', ''],
    ['--demo=yes', '--demo takes no value (yes)', ''],
    ['check -o xml', '-o: "xml" must be one of text, json, prometheus, junit', ''],
    ['check -o markdown', '-o markdown is not a format of check', 'text, json, prometheus, junit'],
    ['report -o text', '-o text is not a format of report', 'markdown, json'],
    ['simulate --port 0', '--port: "0" must be a whole number from 1 to 65535', ''],
    ['simulate --port 2e3', '"2e3" must be a whole number', ''],
    ['check --theme dark', '--theme is not an option of check', 'it belongs to: console'],
    ['doctor nodes', 'doctor takes no further words (nodes)', ''],
    ['help frob', 'unknown command frob', ''],
    ['--demo --context home', '--demo brings its own cluster', 'leave out'],
    ['--scenario incident', '--scenario shapes the embedded homelab', 'add --demo'],
    ['--write', 'unknown option --write', ''],
  ])('%s is wrong usage', (line, what, fix) => {
    let thrown: unknown;
    try {
      parseCommandLine(words(line));
    } catch (error) {
      thrown = error;
    }
    const complaint = complaintOf(thrown);
    expect(complaint.exitCode).toBe(64);
    const said = formatComplaint(complaint);
    expect(said).toContain(`homelab-top: `);
    expect(said).toContain(what);
    expect(said).toContain(fix);
  });
});

describe('formatComplaint', () => {
  it('shows what, where and fix of a collector error and exits 3', () => {
    const error = Object.assign(new Error('connection refused\n    at net.js'), {
      kind: 'unreachable',
      where: 'https://10.0.0.1:6443',
      fix: 'is the API server up?',
    });
    expect(complaintOf(error).exitCode).toBe(3);
    expect(formatComplaint(complaintOf(error))).toBe(
      'homelab-top: connection refused (https://10.0.0.1:6443)\n  fix: is the API server up?\n',
    );
  });

  it('owns up to a bug without a stack', () => {
    const said = formatComplaint(complaintOf(new TypeError('x is not a function')));
    expect(said).toContain('internal error: x is not a function');
    expect(said).not.toContain('    at ');
    expect(complaintOf(new TypeError('x')).exitCode).toBe(70);
  });
});

describe('didYouMean', () => {
  it.each([
    ['contxt', 'context'],
    ['KUBECONFIG', 'kubeconfig'],
    ['q', undefined],
    ['completelydifferent', undefined],
  ])('%s', (word, expected) => {
    expect(didYouMean(word, Object.keys(OPTIONS))).toBe(expected);
  });
});

describe('helpText', () => {
  it.each(Object.keys(COMMANDS) as CommandName[])('%s fits 80 columns', (command) => {
    for (const line of helpText(command).split('\n')) expect(line.length, line).toBeLessThanOrEqual(80);
  });

  it('names every option and command, and the exit codes', () => {
    const help = helpText();
    for (const name of Object.keys(OPTIONS)) expect(help).toContain(`--${name}`);
    for (const name of Object.keys(COMMANDS).filter((name) => name !== 'console')) {
      expect(help).toMatch(new RegExp(`^  ${name}`, 'm'));
    }
    expect(help).toContain('64 wrong usage');
  });

  it('shows only the options a command knows', () => {
    expect(helpText('simulate')).not.toContain('--context');
    expect(helpText('check')).toContain('text, json, prometheus, junit');
    expect(helpText('check')).not.toContain('markdown');
  });
});
