import { describe, expect, test } from 'vitest';
import { decodeProtobuf, UnknownMessage } from '../../../src/demo/server/protobuf.ts';

/** A field's number with its wire type, in one byte or two. */
function tag(number: number, wireType: number): Buffer {
  const value = (number << 3) | wireType;
  return Buffer.from(value < 128 ? [value] : [(value & 127) | 128, value >> 7]);
}

/** A length-delimited field. */
function bytes(number: number, value: string | Buffer): Buffer {
  const body = Buffer.from(value);
  return Buffer.concat([tag(number, 2), Buffer.from([body.length]), body]);
}

function varint(number: number, value: number): Buffer {
  return Buffer.concat([tag(number, 0), Buffer.from([value])]);
}

/** An object in the envelope that kubectl sends. */
function envelope(apiVersion: string, kind: string, raw: Buffer): Buffer {
  const typeMeta = Buffer.concat([bytes(1, apiVersion), bytes(2, kind)]);
  return Buffer.concat([Buffer.from('k8s\0'), bytes(1, typeMeta), bytes(2, raw)]);
}

describe('protobuf bodies', () => {
  test('become the object they stand for; what is unset stays out', () => {
    // Unset strings, an empty creationTimestamp and an empty status are written, too, as kubectl does.
    const metadata = Buffer.concat([
      bytes(1, 'c'),
      bytes(2, ''),
      bytes(8, ''),
      bytes(11, Buffer.concat([bytes(1, 'app'), bytes(2, 'web')])),
    ]);
    const data = (key: string, value: string) => bytes(2, Buffer.concat([bytes(1, key), bytes(2, value)]));
    const raw = Buffer.concat([bytes(1, metadata), data('a', '1'), data('b', 'größer')]);
    expect(decodeProtobuf(envelope('v1', 'ConfigMap', raw))).toEqual({
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'c', labels: { app: 'web' } },
      data: { a: '1', b: 'größer' },
    });
  });

  test('a number or percentage keeps its kind', () => {
    const number = Buffer.concat([varint(1, 0), varint(2, 2), bytes(3, '')]);
    const percent = Buffer.concat([varint(1, 1), varint(2, 0), bytes(3, '50%')]);
    const spec = (value: Buffer) => bytes(2, bytes(1, value));
    const decode = (value: Buffer) =>
      decodeProtobuf(envelope('policy/v1', 'PodDisruptionBudget', spec(value)));
    expect(decode(number).spec).toEqual({ minAvailable: 2 });
    expect(decode(percent).spec).toEqual({ minAvailable: '50%' });
  });

  test('messages within messages keep what means something, even when it is empty', () => {
    const quantity = bytes(2, Buffer.concat([bytes(1, 'cpu'), bytes(2, bytes(1, '500m'))]));
    const container = Buffer.concat([bytes(1, 'c'), bytes(8, quantity)]);
    const volumes = [
      Buffer.concat([bytes(1, 'scratch'), bytes(2, bytes(2, ''))]),
      Buffer.concat([bytes(1, 'config'), bytes(2, bytes(19, bytes(1, bytes(1, 'settings'))))]),
    ];
    const spec = [...volumes.map((each) => bytes(1, each)), bytes(2, container), varint(4, 0), varint(11, 0)];
    expect(decodeProtobuf(envelope('v1', 'Pod', bytes(2, Buffer.concat(spec)))).spec).toEqual({
      // emptyDir is there although nothing is in it; hostNetwork: false is not, but a grace period of 0 is.
      volumes: [
        { name: 'scratch', emptyDir: {} },
        { name: 'config', configMap: { name: 'settings' } },
      ],
      containers: [{ name: 'c', resources: { requests: { cpu: '500m' } } }],
      terminationGracePeriodSeconds: 0,
    });
  });

  test('negative numbers', () => {
    const minusOne = Buffer.from([2 << 3, 255, 255, 255, 255, 255, 255, 255, 255, 255, 1]);
    expect(decodeProtobuf(envelope('scheduling.k8s.io/v1', 'PriorityClass', minusOne)).value).toBe(-1);
  });

  test.each([
    ['no envelope', Buffer.from('{"kind":"Pod"}')],
    ['an unknown kind', envelope('v1', 'Unicorn', Buffer.alloc(0))],
    ['a field that would be lost', envelope('v1', 'ConfigMap', bytes(15, 'precious'))],
    ['a message that is cut off', envelope('v1', 'ConfigMap', Buffer.from([0x0a, 0x20, 0x01]))],
  ])('%s is refused', (_what, body) => {
    expect(() => decodeProtobuf(body)).toThrow(UnknownMessage);
  });
});
