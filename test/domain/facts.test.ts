/** Tables for the small rules: exits, images, scheduling, requests, coverage, cron. */
import { describe, expect, test } from 'vitest';
import { coverageOf } from '../../src/domain/coverage.ts';
import { previousDue } from '../../src/domain/cron.ts';
import { exitLabel, exitMeaning } from '../../src/domain/exits.ts';
import { pullAdvice, pullFailure, shortImage } from '../../src/domain/images.ts';
import type { ContainerState, PodInfo } from '../../src/domain/kinds.ts';
import { podDemand } from '../../src/domain/requests.ts';
import { schedulingProblem } from '../../src/domain/scheduling.ts';
import { cluster, container, pod, table, workload } from './build.ts';

type Terminated = ContainerState & { kind: 'terminated' };

test.each<[Partial<Terminated>, string, string]>([
  [
    { exitCode: 137, reason: 'OOMKilled' },
    'OOMKilled',
    'OOMKilled: the container used more memory than its limit',
  ],
  [
    { exitCode: 137 },
    'SIGKILL',
    'SIGKILL (exit 137): killed: not by the OOM killer, so by a probe, the node or a human',
  ],
  [{ exitCode: 143 }, 'SIGTERM', 'SIGTERM (exit 143): asked to stop and obeyed'],
  [{ exitCode: 139 }, 'SIGSEGV', 'SIGSEGV (exit 139): crashed on a bad memory access'],
  [{ exitCode: 0 }, 'exit 0', 'exit 0: ended by itself without an error'],
  [{ exitCode: 1, reason: 'Error' }, 'exit 1', 'exit 1: application error'],
  [{ exitCode: 127 }, 'exit 127', 'exit 127: the command was not found'],
  [{ exitCode: 42 }, 'exit 42', 'exit 42'],
  [{ exitCode: 255 }, 'exit 255', 'exit 255'],
  [{ exitCode: 128, reason: 'StartError' }, 'StartError', 'StartError: it could not be started'],
  [
    { exitCode: 137, reason: 'ContainerStatusUnknown' },
    'ContainerStatusUnknown',
    'ContainerStatusUnknown: its node lost track of it',
  ],
])('the end %j', (state, label, meaning) => {
  const full: Terminated = { kind: 'terminated', exitCode: 0, ...state };
  expect(exitLabel(full)).toBe(label);
  expect(exitMeaning(full)).toBe(meaning);
});

test.each([
  ['docker.io/bitnami/kubectl:v1.31.3', 'kubectl:v1.31.3'],
  ['nginx', 'nginx'],
  ['registry:5000/team/app', 'app'],
  ['ghcr.io/a/b@sha256:0123456789abcdef', 'b@sha256:0123456'],
])('image %s in short', (image, short) => expect(shortImage(image)).toBe(short));

test.each([
  ['failed to resolve reference "docker.io/bitnami/kubectl:v1.31.3": not found', 'tag not found'],
  ['manifest unknown', 'tag not found'],
  ['pull access denied, repository does not exist or may require authorization', 'unauthorized'],
  ['unexpected status: 401 Unauthorized', 'unauthorized'],
  ['429 Too Many Requests - toomanyrequests: You have reached your pull rate limit', 'limits the rate'],
  ['dial tcp: lookup ghcr.io on 10.43.0.10:53: no such host', 'no such host'],
  ['dial tcp 10.0.0.5:443: connect: connection refused', 'cannot be reached'],
  ['tls: failed to verify certificate: x509: certificate signed by unknown authority', 'not trusted'],
  ['no match for platform in manifest', 'architecture'],
  ['write /var/lib/containerd: no space left on device', 'no space left'],
  [
    'failed to resolve reference "ghcr.io/a/certificate-exporter:1": ghcr.io/a/certificate-exporter:1: not found',
    'tag not found',
  ],
  ['received unexpected HTTP status: 503 Service Unavailable', 'error of its own'],
])('pull failure %s', (message, why) => expect(pullFailure('ErrImagePull', [message])).toContain(why));

test.each([
  ['429 Too Many Requests', 'wait'],
  ['dial tcp 10.0.0.5:443: i/o timeout', 'check the way'],
  ['manifest unknown', 'correct the image'],
  ['', 'correct the image'],
])('what to do about %s', (message, advice) => {
  expect(pullAdvice('app:1', pullFailure('ErrImagePull', [message]))[0]).toContain(advice);
});

test('a back-off without a reason is not explained', () => {
  expect(pullFailure('ImagePullBackOff', ['Back-off pulling image "x:1"'])).toBeUndefined();
});

test.each([
  ['0/3 nodes are available: 3 Insufficient cpu.', [{ nodes: 3, why: 'Insufficient cpu' }]],
  [
    "0/5 nodes are available: 1 node(s) were unschedulable, 1 node(s) had untolerated taint {node-role.kubernetes.io/control-plane: }, 3 node(s) didn't match Pod's node affinity/selector. preemption: 0/5 nodes are available: 5 Preemption is not helpful for scheduling.",
    [
      { nodes: 3, why: "node(s) didn't match Pod's node affinity/selector" },
      { nodes: 1, why: 'node(s) were unschedulable' },
      { nodes: 1, why: 'node(s) had untolerated taint {node-role.kubernetes.io/control-plane: }' },
    ],
  ],
  [
    '0/3 nodes are available: pod has unbound immediate PersistentVolumeClaims. preemption: 0/3 nodes are available: 3 Preemption is not helpful for scheduling.',
    [{ why: 'pod has unbound immediate PersistentVolumeClaims' }],
  ],
  [
    '0/1 nodes are available: persistentvolumeclaim "data" not found.',
    [{ why: 'persistentvolumeclaim "data" not found' }],
  ],
])('scheduler said %s', (message, clauses) => expect(schedulingProblem(message)?.clauses).toEqual(clauses));

test('other scheduler messages are left as they are', () => {
  expect(schedulingProblem('persistentvolumeclaim "data" not found')).toBeUndefined();
});

describe('requests of a pod', () => {
  const asks = (name: string, cpu: number, more = {}) => container(name, { requests: { cpu }, ...more });
  test.each<[string, Partial<PodInfo>, number]>([
    ['the sum of its containers', { containers: [asks('a', 1), asks('b', 2)] }, 3],
    [
      'its largest init container if that is more',
      { containers: [asks('a', 1)], initContainers: [asks('i', 4)] },
      4,
    ],
    [
      'sidecars with the containers',
      { containers: [asks('a', 1)], initContainers: [asks('s', 2, { sidecar: true })] },
      3,
    ],
    [
      'an init container with the sidecars started before it only',
      {
        containers: [asks('a', 1)],
        initContainers: [
          asks('i', 3),
          asks('s', 2, { sidecar: true }),
          asks('j', 3),
          asks('t', 1, { sidecar: true }),
        ],
      },
      5,
    ],
    ['pod-level requests first', { containers: [asks('a', 1)], podRequests: { cpu: 7 } }, 7],
    ['overhead on top', { containers: [asks('a', 1)], overhead: { cpu: 0.5 } }, 1.5],
    ['nothing once it is finished', { phase: 'Succeeded', containers: [asks('a', 1)] }, 0],
  ])('%s', (_name, shape, cpu) => expect(podDemand(pod('p', shape)).requested.cpu).toBe(cpu));
});

describe('coverage', () => {
  const full = { requests: { cpu: 1, memory: 1 }, limits: { cpu: 1, memory: 1 } };
  const owner = { apiVersion: 'apps/v1', kind: 'Deployment', name: 'web', uid: 'u' };

  test('counts containers of templates, each template once', () => {
    const state = cluster({
      deployments: table(
        workload('web', {
          containers: [container('web', full), container('bare')],
          initContainers: [container('init', { limits: { memory: 1 } })],
        }),
        workload('pod-level', {
          containers: [container('app')],
          podRequests: { cpu: 1, memory: 1 },
          podLimits: { cpu: 1, memory: 1 },
        }),
      ),
      replicasets: table(workload('web-1', { kind: 'ReplicaSet', owner, containers: [container('web')] })),
    });
    expect(coverageOf(state)).toEqual({
      total: 4,
      cpuRequest: 2,
      memoryRequest: 3,
      cpuLimit: 2,
      memoryLimit: 3,
      missing: [
        { workload: expect.anything(), container: 'init', lacks: ['cpu request', 'cpu limit'] },
        {
          workload: expect.objectContaining({ kind: 'Deployment', name: 'web' }),
          container: 'bare',
          lacks: ['cpu request', 'memory request', 'cpu limit', 'memory limit'],
        },
      ],
    });
  });

  test('is unknown while a source of templates is', () => {
    expect(coverageOf(cluster({ daemonsets: { status: 'pending' } }))).toBeUndefined();
    expect(coverageOf(cluster({ cronjobs: { status: 'absent', reason: 'no batch API' } }))?.total).toBe(0);
  });
});

describe('when a schedule was last due', () => {
  const at = (text: string) => Date.parse(`${text}:00Z`);
  test.each([
    ['0 2 * * *', '2025-06-11T14:32', '2025-06-11T02:00'],
    ['0 2 * * *', '2025-06-11T01:59', '2025-06-10T02:00'],
    ['*/15 * * * *', '2025-06-11T14:32', '2025-06-11T14:30'],
    ['5,35 8-18/2 * * *', '2025-06-11T14:32', '2025-06-11T14:05'],
    ['0 3 * * 0', '2025-06-11T14:32', '2025-06-08T03:00'],
    ['0 3 * * 7', '2025-06-11T14:32', '2025-06-08T03:00'],
    ['0 3 * * sun', '2025-06-11T14:32', '2025-06-08T03:00'],
    ['30 4 1,15 * fri', '2025-06-11T14:32', '2025-06-06T04:30'],
    ['0 0 29 feb *', '2025-06-11T14:32', '2024-02-29T00:00'],
    ['@hourly', '2025-06-11T14:32', '2025-06-11T14:00'],
    ['@weekly', '2025-06-11T14:32', '2025-06-08T00:00'],
    ['0 0 1 */3 *', '2025-06-11T14:32', '2025-04-01T00:00'],
    ['7/10 * * * *', '2025-06-11T14:32', '2025-06-11T14:27'],
  ])('%s before %s is %s', (schedule, now, due) => expect(previousDue(schedule, at(now))).toBe(at(due)));

  test.each([
    '',
    '* * * *',
    '* * * * * *',
    '61 * * * *',
    'x * * * *',
    '5-1 * * * *',
    '@reboot',
    '0 0 30 2 *',
    '*/0 * * * *',
  ])('%j has no due time', (schedule) =>
    expect(previousDue(schedule, at('2025-06-11T14:32'))).toBeUndefined(),
  );
});
