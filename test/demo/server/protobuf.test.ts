import { describe, expect, test } from 'vitest';
import { decodeProtobuf, UnknownMessage } from '../../../src/demo/server/protobuf.ts';

/** A length-delimited field. */
function bytes(number: number, value: string | Buffer): Buffer {
  const body = Buffer.from(value);
  return Buffer.concat([Buffer.from([(number << 3) | 2, body.length]), body]);
}

function varint(number: number, value: number): Buffer {
  return Buffer.from([number << 3, value]);
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

  test.each([
    ['no envelope', Buffer.from('{"kind":"Pod"}')],
    ['an unknown kind', envelope('v1', 'Unicorn', Buffer.alloc(0))],
    ['a field that would be lost', envelope('v1', 'ConfigMap', bytes(15, 'precious'))],
    ['a message that is cut off', envelope('v1', 'ConfigMap', Buffer.from([0x0a, 0x20, 0x01]))],
  ])('%s is refused', (_what, body) => {
    expect(() => decodeProtobuf(body)).toThrow(UnknownMessage);
  });
});
