import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

interface LockEntry {
  readonly version?: string;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

const lock = (
  JSON.parse(readFileSync('package-lock.json', 'utf8')) as { packages: Record<string, LockEntry> }
).packages;

const manifest = JSON.parse(readFileSync('package.json', 'utf8')) as {
  dependencies?: object;
  devDependencies: Record<string, string>;
};

/** Whether the lock holds what `name` resolves to from the folder `from`, by Node's rules. */
function locked(from: string, name: string): boolean {
  const at = `${from}${from === '' ? '' : '/'}node_modules/${name}`;
  if (at in lock) return true;
  return from !== '' && locked(from.replace(/\/?(?:node_modules\/)?(?:@[^/]+\/)?[^/]+$/, ''), name);
}

describe('package', () => {
  it('has a lock with every dependency in it, also those of other platforms, or npm ci refuses it', () => {
    const missing = Object.entries(lock).flatMap(([path, entry]) =>
      Object.keys({ ...entry.dependencies, ...entry.optionalDependencies })
        .filter((name) => !locked(path, name))
        .map((name) => `${path} needs ${name}`),
    );
    expect(missing).toEqual([]);
  });

  it('installs without dependencies: everything is bundled', () => {
    expect(manifest.dependencies).toBeUndefined();
  });

  it('pins what it is built with', () => {
    const floating = Object.entries(manifest.devDependencies).filter(
      ([, version]) => !/^(\d|file:)/.test(version),
    );
    expect(floating).toEqual([]);
  });
});
