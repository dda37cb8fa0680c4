/** Credential plugins of kubeconfigs (client.authentication.k8s.io ExecCredential): run with a deadline, understood, explained. */
import { type ChildProcess, spawn } from 'node:child_process';
import { type Clock, systemClock } from './clock.ts';
import type { IssuedCredential } from './credentials.ts';
import { ConfigError, KubeError } from './errors.ts';
import type { ClusterConfig, ExecConfig } from './kubeconfig.ts';
import { record, string, time } from './raw.ts';

const UNATTENDED_DEADLINE_MS = 20_000;
const INTERACTIVE_DEADLINE_MS = 180_000;
const MAX_OUTPUT_BYTES = 1 << 20;

export interface ExecRun {
  /** The user is at the terminal and nothing else uses it: the plugin may ask for a password or a touch. */
  readonly interactive: boolean;
  readonly deadlineMs?: number;
  readonly clock?: Clock;
}

/**
 * Runs the plugin once. Unattended it gets no terminal, no stdin and its own process group, which is killed at the
 * deadline. Throws KubeError (unauthorized) or ConfigError (plugin missing), naming the plugin and the fix.
 */
export async function runExecPlugin(
  exec: ExecConfig,
  cluster: ClusterConfig,
  run: ExecRun,
): Promise<IssuedCredential> {
  const name = exec.command;
  if (exec.interactive === 'Always' && !run.interactive) {
    throw new KubeError('unauthorized', `login plugin ${name} must ask you, which it cannot do now`, {
      where: name,
      fix: 'quit and start again to log in',
    });
  }
  const child = spawn(exec.command, [...exec.args], {
    env: { ...process.env, ...exec.env, KUBERNETES_EXEC_INFO: execInfo(exec, cluster, run.interactive) },
    stdio: run.interactive ? ['inherit', 'pipe', 'inherit'] : ['ignore', 'pipe', 'pipe'],
    detached: !run.interactive,
  });
  const deadlineMs = run.deadlineMs ?? (run.interactive ? INTERACTIVE_DEADLINE_MS : UNATTENDED_DEADLINE_MS);
  const { code, stdout, stderr } = await finished(child, exec, run, deadlineMs);
  if (code !== 0) {
    const said = lastLine(stderr);
    throw new KubeError('unauthorized', `login plugin ${name} failed (exit ${code})${said && `: ${said}`}`, {
      where: name,
      fix: `run it by hand to see what it needs: ${[name, ...exec.args].join(' ')}`,
    });
  }
  return parseCredential(stdout, name);
}

function execInfo(exec: ExecConfig, cluster: ClusterConfig, interactive: boolean): string {
  const info = {
    server: cluster.server,
    'tls-server-name': cluster.tlsServerName,
    'insecure-skip-tls-verify': cluster.skipVerify || undefined,
    'certificate-authority-data': cluster.caData && Buffer.from(cluster.caData, 'latin1').toString('base64'),
    'proxy-url': cluster.proxyUrl,
    config: cluster.execConfig,
  };
  return JSON.stringify({
    kind: 'ExecCredential',
    apiVersion: exec.apiVersion,
    spec: { interactive, ...(exec.provideClusterInfo && { cluster: info }) },
  });
}

interface Outcome {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

function finished(child: ChildProcess, exec: ExecConfig, run: ExecRun, deadlineMs: number): Promise<Outcome> {
  return new Promise((resolve, reject) => {
    const output = { stdout: '', stderr: '' };
    for (const name of ['stdout', 'stderr'] as const) {
      child[name]?.setEncoding('utf8').on('data', (text: string) => {
        if (output[name].length < MAX_OUTPUT_BYTES) output[name] += text;
      });
    }
    const cancel = (run.clock ?? systemClock).after(deadlineMs, () => {
      killGroup(child, !run.interactive);
      const said = lastLine(output.stderr);
      const seconds = Math.round(deadlineMs / 1000);
      reject(
        new KubeError(
          'unauthorized',
          `login plugin ${exec.command} gave no answer within ${seconds} s${said && `: ${said}`}`,
          {
            where: exec.command,
            fix: 'it may be waiting for input: quit and start again to log in, or run it by hand',
          },
        ),
      );
    });
    child.on('error', (error) => {
      cancel();
      reject(notStarted(error, exec));
    });
    child.on('close', (code) => {
      cancel();
      resolve({ code: code ?? -1, ...output });
    });
  });
}

function notStarted(error: Error, exec: ExecConfig): ConfigError {
  const missing = Reflect.get(error, 'code') === 'ENOENT';
  const why = missing ? 'is not installed or not on PATH' : `cannot be started: ${error.message}`;
  return new ConfigError(`login plugin ${exec.command} ${why}`, {
    where: exec.command,
    fix: exec.installHint ?? 'install it, or choose another context with --context',
  });
}

function killGroup(child: ChildProcess, ownGroup: boolean): void {
  try {
    if (ownGroup && child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
    else child.kill('SIGKILL');
  } catch {
    // It has just ended by itself.
  }
  // A grandchild may still hold the pipes; nothing of it is wanted any more.
  child.stdout?.destroy();
  child.stderr?.destroy();
}

function parseCredential(stdout: string, name: string): IssuedCredential {
  let status: ReturnType<typeof record>;
  try {
    status = record(record(JSON.parse(stdout)).status);
  } catch {
    status = {};
  }
  const token = string(status.token);
  const cert = string(status.clientCertificateData);
  const key = string(status.clientKeyData);
  const expiresAt = time(status.expirationTimestamp);
  if (token === undefined && (cert === undefined || key === undefined)) {
    throw new KubeError('unauthorized', `login plugin ${name} printed no credential (ExecCredential JSON)`, {
      where: name,
      fix: 'run it by hand and check what it prints',
    });
  }
  return {
    ...(token !== undefined && { token }),
    ...(cert !== undefined && key !== undefined && { cert, key }),
    ...(expiresAt !== undefined && { expiresAt }),
  };
}

function lastLine(text: string): string {
  return text.trim().split('\n').at(-1)?.trim().slice(0, 200) ?? '';
}
