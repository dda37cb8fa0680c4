/** Credential plugins of kubeconfigs (client.authentication.k8s.io ExecCredential): run with a deadline, understood, explained. */
import { type Clock, systemClock } from './clock.ts';
import type { IssuedCredential } from './credentials.ts';
import { ConfigError, KubeError } from './errors.ts';
import type { ClusterConfig, ExecConfig } from './kubeconfig.ts';
import { record, string, time } from './raw.ts';

const UNATTENDED_DEADLINE_MS = 20_000;
const INTERACTIVE_DEADLINE_MS = 180_000;
const MAX_OUTPUT_BYTES = 1 << 20;
const MAX_SAID = 2000;

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
  const { exitCode, stdout, stderr } = await finished(exec, run, execInfo(exec, cluster, run.interactive));
  if (exitCode !== 0) {
    const said = lastLine(stderr);
    throw new KubeError(
      'unauthorized',
      `login plugin ${name} failed (exit ${exitCode})${said && `: ${said}`}`,
      {
        where: name,
        fix: `run it by hand to see what it needs: ${[name, ...exec.args].join(' ')}`,
      },
    );
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
  /** -1: it was ended by a signal. */
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

async function finished(exec: ExecConfig, run: ExecRun, info: string): Promise<Outcome> {
  // Loaded here, because it costs 70 ms that nobody without a plugin should wait for.
  const { execa } = await import('execa');
  const child = execa(exec.command, exec.args, {
    env: { ...exec.env, KUBERNETES_EXEC_INFO: info },
    stdin: run.interactive ? 'inherit' : 'ignore',
    stderr: run.interactive ? 'inherit' : 'pipe',
    reject: false,
    maxBuffer: MAX_OUTPUT_BYTES,
    // In a process group of its own, except where it must be able to read from the terminal.
    killDescendants: !run.interactive,
  });
  // A process that left the group may hold the pipes for ever, so the deadline does not wait for the end.
  const late = Promise.withResolvers<never>();
  let said = '';
  child.stderr?.on('data', (chunk) => {
    said = `${said}${chunk}`.slice(-MAX_SAID);
  });
  const deadlineMs = run.deadlineMs ?? (run.interactive ? INTERACTIVE_DEADLINE_MS : UNATTENDED_DEADLINE_MS);
  const cancel = (run.clock ?? systemClock).after(deadlineMs, () => {
    child.kill('SIGKILL');
    late.reject(tooLate(exec, deadlineMs, lastLine(said)));
  });
  try {
    const {
      exitCode = -1,
      stdout = '',
      stderr = '',
      code,
      shortMessage,
      isMaxBuffer,
    } = await Promise.race([child, late.promise]);
    if (code !== undefined && !isMaxBuffer) throw notStarted(code, shortMessage, exec);
    return { exitCode, stdout, stderr };
  } finally {
    cancel();
  }
}

function tooLate({ command }: ExecConfig, deadlineMs: number, said: string): KubeError {
  const seconds = Math.round(deadlineMs / 1000);
  return new KubeError(
    'unauthorized',
    `login plugin ${command} gave no answer within ${seconds} s${said && `: ${said}`}`,
    {
      where: command,
      fix: 'it may be waiting for input: quit and start again to log in, or run it by hand',
    },
  );
}

function notStarted(code: string, message: string | undefined, exec: ExecConfig): ConfigError {
  const why = code === 'ENOENT' ? 'is not installed or not on PATH' : `cannot be started: ${message ?? code}`;
  return new ConfigError(`login plugin ${exec.command} ${why}`, {
    where: exec.command,
    fix: exec.installHint ?? 'install it, or choose another context with --context',
  });
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
