import { execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdirSync, openSync, readFileSync, readlinkSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { sleep } from '../../support/terminal.ts';

/** The folder of the Go module and of this file. */
export const MODULE = import.meta.dirname;
/** Everything that a control plane leaves on the disk. */
export const STATE = join(MODULE, '.state');
const BINARY = join(STATE, 'bin', 'control-plane');
const PIDS = join(STATE, 'pids');

/** A process of the control plane; the name of a subcommand of the program. */
export type Part = 'etcd' | 'kube-apiserver' | 'kube-controller-manager' | 'kube-scheduler' | 'fake-kubelet';

/** In the order in which they start. */
export const PARTS: readonly Part[] = [
  'etcd',
  'kube-apiserver',
  'kube-controller-manager',
  'kube-scheduler',
  'fake-kubelet',
];

/** The Go compiler on this machine; undefined when there is none. */
export function goCompiler(): string | undefined {
  for (const go of ['go', '/usr/local/go/bin/go']) {
    try {
      execFileSync(go, ['version'], { stdio: 'pipe' });
      return go;
    } catch {
      // Not there.
    }
  }
  return undefined;
}

/** Version of Kubernetes that the module builds, such as v1.37.2. */
export function kubernetesVersion(): string {
  const version = /k8s\.io\/kubernetes (v\S+)/.exec(readFileSync(join(MODULE, 'go.mod'), 'utf8'))?.[1];
  if (version === undefined) throw new Error('go.mod does not require k8s.io/kubernetes');
  return version;
}

/** Builds the program: many minutes of CPU at first, seconds from Go's build cache. Fails with Go's error text. */
export function build(): void {
  const go = goCompiler();
  if (go === undefined) throw new Error('Go is not installed: the control plane cannot be built');
  const version = kubernetesVersion();
  const [major, minor] = version.slice(1).split('.');
  const stamp = Object.entries({ gitVersion: version, gitMajor: major, gitMinor: minor })
    .map(([name, value]) => `-X k8s.io/component-base/version.${name}=${value}`)
    .join(' ');
  execFileSync(go, ['build', '-trimpath', '-ldflags', `-s -w ${stamp}`, '-o', BINARY, '.'], {
    cwd: MODULE,
    env: { ...process.env, CGO_ENABLED: '0' },
    stdio: ['ignore', 'inherit', 'inherit'],
  });
}

/** Runs a subcommand of the program to its end. */
export function runOnce(...args: readonly string[]): void {
  execFileSync(BINARY, [...args], { stdio: ['ignore', 'pipe', 'inherit'] });
}

/** File to which a part writes its log. */
export const logOf = (part: Part): string => join(STATE, `${part}.log`);

/** Starts a part that outlives this process, and records its process id. */
export function startPart(part: Part, args: readonly string[]): void {
  if (pidOf(part) !== undefined) throw new Error(`${part} runs already`);
  mkdirSync(PIDS, { recursive: true });
  const log = openSync(logOf(part), 'a');
  const child = spawn(BINARY, [part, ...args], { detached: true, stdio: ['ignore', log, log], cwd: STATE });
  if (child.pid === undefined) throw new Error(`${part} did not start`);
  child.unref();
  writeFileSync(join(PIDS, part), String(child.pid));
}

/** Process id of a part that runs. An id that now belongs to another program counts as not running. */
export function pidOf(part: Part): number | undefined {
  const file = join(PIDS, part);
  if (!existsSync(file)) return undefined;
  const pid = Number(readFileSync(file, 'utf8'));
  try {
    // A program that was built anew since is followed by "(deleted)".
    return readlinkSync(`/proc/${pid}/exe`).startsWith(BINARY) ? pid : undefined;
  } catch {
    return undefined;
  }
}

/** Whether a process still holds anything: memory goes first, then files and ports, then it is a zombie. */
function exists(pid: number): boolean {
  try {
    return !/\) [ZX] /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return false;
  }
}

/** Ends a part and waits until it is gone; kills it when it takes longer than 15 s. */
export async function stopPart(part: Part, signal: 'SIGTERM' | 'SIGKILL' = 'SIGTERM'): Promise<void> {
  const pid = pidOf(part);
  if (pid === undefined) return;
  process.kill(pid, signal);
  const deadline = Date.now() + 15_000;
  while (exists(pid)) {
    if (Date.now() > deadline) process.kill(pid, 'SIGKILL');
    await sleep(50);
  }
  rmSync(join(PIDS, part), { force: true });
}

/** Sends a signal to a part that runs. */
export function signalPart(part: Part, signal: NodeJS.Signals): void {
  const pid = pidOf(part);
  if (pid === undefined) throw new Error(`${part} does not run`);
  process.kill(pid, signal);
}

/** A part that was started, was not stopped, and yet does not run. */
export const failedPart = (): Part | undefined =>
  PARTS.find((part) => existsSync(join(PIDS, part)) && pidOf(part) === undefined);
