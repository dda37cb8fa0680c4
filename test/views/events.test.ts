import { describe, expect, it } from 'vitest';
import { eventLines } from '../../src/views/explain/events.ts';
import { eventsPane, warningsPane } from '../../src/views/panes/events.ts';
import { textOf } from '../../src/views/ui/line.ts';
import { event, HOUR, live, MINUTE, NOW, pod, SECOND, table } from '../domain/build.ts';
import { model, ui } from '../support/model.ts';

const web = { kind: 'Deployment', namespace: 'shop', name: 'web' };
const replicaSet = { kind: 'ReplicaSet', namespace: 'shop', name: 'web-6c8b' };
const webPod = { kind: 'Pod', namespace: 'shop', name: 'web-6c8b-x2z9k' };
const other = { kind: 'Pod', namespace: 'media', name: 'jellyfin' };

const object = pod('web-6c8b-x2z9k', {
  namespace: 'shop',
  owner: { apiVersion: 'apps/v1', kind: 'ReplicaSet', name: 'web-6c8b', uid: '' },
});
const events = [
  event('ScalingReplicaSet', web, { type: 'Normal', message: 'Scaled up', lastAt: NOW - HOUR }),
  event('FailedCreate', replicaSet, { message: 'quota', lastAt: NOW - 30 * MINUTE }),
  event('BackOff', webPod, { message: 'Back-off', count: 311, lastAt: NOW - 5 * SECOND }),
  event('BackOff', webPod, { message: 'Back-off, earlier', lastAt: NOW - 20 * MINUTE }),
  event('Failed', webPod, { message: 'Error: ImagePullBackOff' }),
  event('Unhealthy', other, { message: 'probe', lastAt: NOW - 2 * MINUTE }),
];

const screen = (namespace = '') =>
  model(
    { pods: [{ object, owners: [replicaSet, web] }] },
    { ui: ui({ namespace }), state: { events: live(table(...events)) } },
  );

const drawn = (pane: ReturnType<typeof warningsPane>) => pane?.draw(20).map((row) => textOf(row).trimEnd());

describe('events of an object', () => {
  it('are those of its pods too, in aligned columns, without the bare state of containers', () => {
    expect(drawn(eventsPane(screen(), web, 60))).toEqual([
      '   <1m BackOff ×311      Back-off',
      '   20m BackOff           Back-off, earlier',
      '   30m FailedCreate      quota',
      '    1h ScalingReplicaSet Scaled up',
    ]);
  });

  it('stand below their reason where there is little room', () => {
    expect(drawn(eventsPane(screen(), webPod, 39))).toEqual([
      '   <1m BackOff ×311',
      '       Back-off',
      '   20m BackOff',
      '       Back-off, earlier',
    ]);
  });

  it('are only its own for a pod, and all of them in the text', () => {
    expect(eventLines(screen(), webPod)).toEqual([
      ' <1m  Warning  BackOff ×311  Back-off',
      '  1m  Warning  Failed        Error: ImagePullBackOff',
      ' 20m  Warning  BackOff       Back-off, earlier',
    ]);
    expect(eventLines(screen(), web)[0]).toBe(
      ' <1m  Warning  BackOff ×311       Pod web-6c8b-x2z9k   Back-off',
    );
  });
});

describe('warnings of the cluster', () => {
  it('tell each object and reason once, newest first', () => {
    expect(drawn(warningsPane(screen(), 78))).toEqual([
      '   <1m shop/web-6c8b-x2z9k BackOff ×311 Back-off',
      '    2m media/jellyfin      Unhealthy    probe',
      '   30m shop/web-6c8b       FailedCreate quota',
    ]);
  });

  it('are told once for all objects that have the same', () => {
    const lost = ['a', 'b', 'c'].map((name) =>
      event('NodeNotReady', { kind: 'Pod', namespace: 'ai', name }, { message: 'Node is not ready' }),
    );
    const shown = model({}, { state: { events: live(table(...lost)) } });
    expect(drawn(warningsPane(shown, 78))).toEqual(['    1m ai/a +2 NodeNotReady Node is not ready']);
  });

  it('are limited to the namespace, and nothing before they are read', () => {
    expect(drawn(warningsPane(screen('media'), 78))).toEqual(['    2m media/jellyfin Unhealthy probe']);
    expect(drawn(warningsPane(screen('ai'), 78))?.join()).toContain('no warning in ai');
    expect(warningsPane(model({}, { state: { events: { status: 'pending' } } }), 78)).toBeUndefined();
  });
});
