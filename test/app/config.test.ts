import { chmod, mkdtemp, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { parseSettings, resolveSettings } from '../../src/app/config.ts';
import { complaintOf, formatComplaint } from '../../src/app/errors.ts';
import { ensureStateDir, writePrivateFile } from '../../src/app/paths.ts';

/** What the user would read when parsing fails. */
function complaint(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    return formatComplaint(complaintOf(error));
  }
  return 'no complaint';
}

describe('parseSettings', () => {
  it('takes every known key', () => {
    const text =
      'context: home\nkubeconfig: /k\nnamespace: media\ntheme: dark\nascii: true\ncolor: false # quiet\n';
    expect(parseSettings(text, 'c.yaml')).toEqual({
      context: 'home',
      kubeconfig: '/k',
      namespace: 'media',
      theme: 'dark',
      ascii: true,
      color: false,
    });
  });

  it('takes an empty file as no settings', () => {
    expect(parseSettings('', 'c.yaml')).toEqual({});
    expect(parseSettings('# only a comment\n', 'c.yaml')).toEqual({});
  });

  it.each([
    [
      'an unknown key',
      'theme: dark\n\ncontxt: home\n',
      'unknown setting "contxt" (c.yaml:3)',
      'did you mean context?',
    ],
    [
      'a far-off key',
      'zebra: 1\n',
      'unknown setting "zebra" (c.yaml:1)',
      'known settings: kubeconfig, context',
    ],
    ['a wrong choice', 'ascii: true\ntheme: pink\n', 'setting "theme"', '(c.yaml:2)'],
    ['a wrong type', 'ascii: "yes"\n', 'setting "ascii"', '(c.yaml:1)'],
    [
      'the yes of YAML 1.1, which is text in the core schema',
      'ascii: yes\n',
      'setting "ascii"',
      'expected boolean',
    ],
    ['broken YAML', 'context: home\ntheme: [\n', 'not valid YAML', '(c.yaml:'],
    ['a key given twice', 'context: a\ncontext: b\n', 'not valid YAML', '(c.yaml:2)'],
    ['a key with an escape sequence', '"a\\e[31m": 1\n', 'unknown setting "a␛[31m"', '(c.yaml:1)'],
    ['a list', '- a\n- b\n', 'settings must be "name: value" lines', '(c.yaml:1)'],
    ['a custom tag', 'context: !!js/function "x"\n', 'not valid YAML', '(c.yaml:1)'],
  ])('refuses %s', (_name, text, what, more) => {
    const said = complaint(() => parseSettings(text, 'c.yaml'));
    expect(said).toContain(what);
    expect(said).toContain(more);
    expect(said.trimEnd().split('\n').length).toBeLessThanOrEqual(2);
  });

  it('refuses an alias bomb at once', () => {
    const levels = Array.from({ length: 12 }, (_, i) => {
      const previous = i === 0 ? '"lol"' : `*a${i - 1}`;
      return `a${i}: &a${i} [${Array(9).fill(previous).join(', ')}]`;
    });
    expect(complaint(() => parseSettings(levels.join('\n'), 'c.yaml'))).toContain('too many YAML aliases');
  });
});

describe('files', () => {
  let home: string;
  beforeEach(async () => {
    home = await mkdtemp(join(tmpdir(), 'homelab-top-test-'));
  });
  afterEach(() => rm(home, { recursive: true, force: true }));

  it('treats a missing default file as no settings, a missing named file as an error', async () => {
    expect(await resolveSettings({}, { HOME: home })).toEqual({});
    await expect(resolveSettings({ config: join(home, 'nope.yaml') }, {})).rejects.toThrow('does not exist');
  });

  it('lets the command line win over the file', async () => {
    const config = join(home, 'c.yaml');
    await writeFile(config, 'context: home\ntheme: dark\ncolor: true\n');
    const settings = await resolveSettings({ config, context: 'lab', 'no-color': true }, {});
    expect(settings).toEqual({ context: 'lab', theme: 'dark', color: false });
  });

  it('refuses a file over 1 MiB and a directory, with exit code 64', async () => {
    const config = join(home, 'big.yaml');
    await writeFile(config, `# ${'x'.repeat(1024 * 1024)}\n`);
    await expect(resolveSettings({ config }, {})).rejects.toMatchObject({
      message: expect.stringContaining('larger than 1 MiB'),
      exitCode: 64,
    });
    await expect(resolveSettings({ config: home }, {})).rejects.toThrow('directory');
  });

  it('keeps state private and refuses a place that others can write to', async () => {
    const env = { XDG_STATE_HOME: home };
    const directory = await ensureStateDir(env);
    expect((await stat(directory)).mode & 0o777).toBe(0o700);

    await writePrivateFile(join(directory, 'crash.txt'), 'trace');
    expect((await stat(join(directory, 'crash.txt'))).mode & 0o777).toBe(0o600);
    await expect(writePrivateFile(join(directory, 'crash.txt'), 'again')).rejects.toThrow('EEXIST');

    await chmod(directory, 0o777);
    await expect(ensureStateDir(env)).rejects.toThrow('can be written by other users');
  });

  it('does not write through a planted link', async () => {
    const target = join(home, 'target');
    await writeFile(target, 'mine');
    await symlink(target, join(home, 'link'));
    await expect(writePrivateFile(join(home, 'link'), 'theirs')).rejects.toThrow();
    expect(await readFile(target, 'utf8')).toBe('mine');
  });

  it('refuses a state directory that is a link', async () => {
    await symlink(tmpdir(), join(home, 'homelab-top'));
    await expect(ensureStateDir({ XDG_STATE_HOME: home })).rejects.toThrow('symbolic link');
  });
});
