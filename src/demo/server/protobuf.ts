import { type Fields, fields, text } from '../json.ts';
import { MESSAGES } from './protobuf-schema.ts';

/** Media type of Kubernetes objects in protobuf. */
export const PROTOBUF = 'application/vnd.kubernetes.protobuf';

const MAGIC = Buffer.from('k8s\0');
const VARINT = 0;
const FIXED64 = 1;
const BYTES = 2;
const FIXED32 = 5;

/** Thrown for a message or field that the schema does not know. */
export class UnknownMessage extends Error {}

/** Decodes an object in Kubernetes' protobuf envelope. Throws {@link UnknownMessage} rather than lose a field. */
export function decodeProtobuf(body: Buffer): Fields {
  if (!body.subarray(0, MAGIC.length).equals(MAGIC)) throw new UnknownMessage('no Kubernetes protobuf');
  const envelope = decodeMessage('Unknown', body.subarray(MAGIC.length));
  const { apiVersion, kind } = fields(envelope.typeMeta);
  const raw = Buffer.from(text(envelope.raw), 'base64');
  return { apiVersion, kind, ...decodeMessage(text(kind), raw) };
}

function decodeMessage(name: string, bytes: Buffer): Fields {
  const schema = MESSAGES[name];
  if (!schema) throw new UnknownMessage(`message ${name} is not known`);
  const result: Fields = {};
  for (const { number, value } of wireFields(bytes)) {
    const declared = schema[number];
    if (declared === undefined) {
      if (isEmpty(value)) continue;
      throw new UnknownMessage(`field ${number} of ${name} is not known`);
    }
    const [field = '', type = ''] = declared.split(':');
    setField(result, field, type, value);
  }
  return result;
}

/** The encoder writes also unset strings and messages; they mean nothing and are left out. */
function setField(result: Fields, field: string, type: string, value: number | Buffer): void {
  if (type.endsWith('[]')) {
    const known = result[field];
    const element = decodeValue(type.slice(0, -2), value);
    result[field] = Array.isArray(known) ? [...known, element] : [element];
  } else if (type === 'strings' || type === 'blobs') {
    result[field] = { ...fields(result[field]), ...mapEntry(type, value) };
  } else if (typeof value === 'number' || value.length > 0) {
    const decoded = decodeValue(type, value);
    const empty = typeof decoded === 'object' && decoded !== null && Object.keys(decoded).length === 0;
    if (!empty) result[field] = decoded;
  }
}

function decodeValue(type: string, value: number | Buffer): unknown {
  if (typeof value === 'number') return type === 'bool' ? value !== 0 : value;
  if (type === 'string') return value.toString('utf8');
  if (type === 'intOrString') {
    const { type: isText, intVal, strVal } = decodeMessage('IntOrString', value);
    return isText ? strVal : intVal;
  }
  return type === 'bytes' ? value.toString('base64') : decodeMessage(type, value);
}

function mapEntry(type: 'strings' | 'blobs', value: number | Buffer): Fields {
  if (typeof value === 'number') throw new UnknownMessage('a map entry must be a message');
  const entry = new Map([...wireFields(value)].map((each) => [each.number, each.value]));
  const part = (number: number) => {
    const bytes = entry.get(number);
    return Buffer.isBuffer(bytes) ? bytes : Buffer.alloc(0);
  };
  return { [part(1).toString('utf8')]: part(2).toString(type === 'strings' ? 'utf8' : 'base64') };
}

/** Whether a value is unset: zero, no bytes, or a message of nothing but unset values. */
function isEmpty(value: number | Buffer): boolean {
  if (typeof value === 'number') return value === 0;
  if (value.length === 0) return true;
  try {
    return [...wireFields(value)].every((each) => isEmpty(each.value));
  } catch {
    // Not a message, hence text with something in it.
    return false;
  }
}

interface WireField {
  readonly number: number;
  readonly value: number | Buffer;
}

function* wireFields(bytes: Buffer): Generator<WireField> {
  const reader = { offset: 0 };
  while (reader.offset < bytes.length) {
    const tag = readVarint(bytes, reader);
    yield { number: tag >>> 3, value: readValue(bytes, reader, tag & 7) };
  }
}

function readValue(bytes: Buffer, reader: { offset: number }, wireType: number): number | Buffer {
  switch (wireType) {
    case VARINT:
      return readVarint(bytes, reader);
    case FIXED64:
      return take(bytes, reader, 8);
    case FIXED32:
      return take(bytes, reader, 4);
    case BYTES:
      return take(bytes, reader, readVarint(bytes, reader));
    default:
      throw new UnknownMessage(`wire type ${wireType} is not known`);
  }
}

function take(bytes: Buffer, reader: { offset: number }, length: number): Buffer {
  const end = reader.offset + length;
  if (end > bytes.length) throw new UnknownMessage('the message is cut off');
  const value = bytes.subarray(reader.offset, end);
  reader.offset = end;
  return value;
}

/** Reads a varint; the numbers in these messages fit a double. */
function readVarint(bytes: Buffer, reader: { offset: number }): number {
  let value = 0;
  let scale = 1;
  for (;;) {
    const byte = bytes[reader.offset];
    if (byte === undefined) throw new UnknownMessage('the message is cut off');
    reader.offset += 1;
    value += (byte & 0x7f) * scale;
    scale *= 128;
    if (byte < 0x80) return value;
  }
}
