import { type Fields, fields, list, text } from '../json.ts';
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

/** The encoder writes also strings that are unset; they are left out. */
function setField(result: Fields, field: string, type: string, value: number | Buffer): void {
  if (type.endsWith('[]')) {
    result[field] = [...list(result[field]), decodeValue(type.slice(0, -2), value)];
  } else if (type in MAP_VALUES) {
    result[field] = { ...fields(result[field]), ...mapEntry(MAP_VALUES[type] ?? '', value) };
  } else if (type.endsWith('?')) {
    if (!isEmpty(value)) setField(result, field, type.slice(0, -1), value);
  } else if (field === '*') {
    Object.assign(result, fields(decodeValue(type, value)));
  } else if (type !== 'string' || (typeof value !== 'number' && value.length > 0)) {
    result[field] = decodeValue(type, value);
  }
}

function decodeValue(type: string, value: number | Buffer): unknown {
  if (typeof value === 'number') return type === 'bool' ? value !== 0 : value;
  switch (type) {
    case 'string':
      return value.toString('utf8');
    case 'bytes':
      return value.toString('base64');
    case 'quantity':
      return text(decodeMessage('Quantity', value).string);
    case 'intOrString': {
      const { type: isText, intVal, strVal } = decodeMessage('IntOrString', value);
      return isText ? strVal : intVal;
    }
    default:
      return decodeMessage(type, value);
  }
}

/** Types of the values of maps. */
const MAP_VALUES: Readonly<Record<string, string>> = {
  strings: 'string',
  blobs: 'bytes',
  quantities: 'quantity',
};

function mapEntry(type: string, value: number | Buffer): Fields {
  if (typeof value === 'number') throw new UnknownMessage('a map entry must be a message');
  const entry = new Map([...wireFields(value)].map((each) => [each.number, each.value]));
  const part = (number: number) => {
    const bytes = entry.get(number);
    return Buffer.isBuffer(bytes) ? bytes : Buffer.alloc(0);
  };
  return { [part(1).toString('utf8')]: decodeValue(type, part(2)) };
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

/** Reads a varint, which holds negative numbers as 64-bit two's complement. */
function readVarint(bytes: Buffer, reader: { offset: number }): number {
  let value = 0n;
  for (let shift = 0n; ; shift += 7n) {
    const byte = bytes[reader.offset];
    if (byte === undefined) throw new UnknownMessage('the message is cut off');
    reader.offset += 1;
    value |= BigInt(byte & 0x7f) << shift;
    if (byte < 0x80) return Number(BigInt.asIntN(64, value));
  }
}
