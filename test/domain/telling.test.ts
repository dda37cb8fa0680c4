import { expect, it } from 'vitest';
import { telling } from '../../src/domain/telling.ts';

const NOT_FOUND =
  'rpc error: code = NotFound desc = failed to pull and unpack image "ghcr.io/a/echo:37": ' +
  'failed to resolve reference "ghcr.io/a/echo:37": ghcr.io/a/echo:37: not found';

it.each([
  [
    'Readiness probe failed: Get "http://10.42.192.87:8080/swift/healthcheck": context deadline exceeded (Client.Timeout exceeded while awaiting headers)',
    'Readiness probe failed: GET :8080/swift/healthcheck: timed out',
  ],
  [
    'Liveness probe failed: Get "https://[fd00::7]:8443/healthz": dial tcp [fd00::7]:8443: connect: connection refused',
    'Liveness probe failed: GET :8443/healthz: [fd00::7]:8443 connection refused',
  ],
  ['Readiness probe failed: HTTP probe failed with statuscode: 503', 'Readiness probe failed: answered 503'],
  [`Failed to pull image "ghcr.io/a/echo:37": ${NOT_FOUND}`, 'Failed to pull echo:37: not found'],
  [
    `Back-off pulling image "ghcr.io/a/echo:37": ErrImagePull: ${NOT_FOUND}`,
    'Back-off pulling echo:37: not found',
  ],
  [
    `Failed ×14: Failed to pull image "ghcr.io/a/echo:37": ${NOT_FOUND}`,
    'Failed ×14: Failed to pull echo:37: not found',
  ],
  ['Back-off pulling image "registry:5000/a/echo:37"', 'Back-off pulling echo:37'],
  [
    'Back-off restarting failed container app in pod app-6c8b_ns(1c9f3030-f668-4bdf-ae79-90430fdcc050)',
    'Back-off restarting failed container app',
  ],
  [
    '0/3 nodes are available: 3 Insufficient memory. preemption: 0/3 nodes are available: 3 No preemption victims found.',
    '0/3 nodes are available: 3 Insufficient memory',
  ],
  ['its last words: E1123 20:32:59.561240       1 main.go:124] "no API"', 'its last words: "no API"'],
  [
    'back-off 5m0s restarting failed container=web pod=web-0_default(1c9f3030)',
    'back-off 5m0s restarting failed container',
  ],
  ['first\n  second', 'first second'],
])('keeps the telling part of %j', (message, part) => {
  expect(telling(message)).toBe(part);
});

it('leaves alone what it does not know, and hosts that have a name', () => {
  for (const text of [
    'Kubelet stopped posting node status.',
    'failed calling webhook: Post "https://hook.ns.svc:443/mutate": no endpoints available',
    'Pulling image "ghcr.io/a/echo:37"',
  ])
    expect(telling(text)).toBe(text);
});
