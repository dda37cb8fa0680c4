import type { IncomingMessage } from 'node:http';
import { ApiError } from '../errors.ts';
import { mediaType, parseJson, readBytes } from './http.ts';
import { decodeProtobuf, PROTOBUF, UnknownMessage } from './protobuf.ts';

/** The object in a request's body, JSON or protobuf; undefined when the body is empty. Throws 400 and 415. */
export async function readObject(message: IncomingMessage): Promise<unknown> {
  const type = mediaType(message);
  const body = await readBytes(message);
  if (body.length === 0) return undefined;
  if (type === PROTOBUF) return fromProtobuf(body);
  if (type === '' || type === 'application/json') return parseJson(body.toString('utf8'));
  throw unsupportedMediaType(`accepted media types include: application/json, ${PROTOBUF}`);
}

function fromProtobuf(body: Buffer): unknown {
  try {
    return decodeProtobuf(body);
  } catch (error) {
    if (error instanceof UnknownMessage) throw unsupportedMediaType(`${error.message}, please send JSON`);
    throw error;
  }
}

/** 415 with what is wrong about the format. */
export function unsupportedMediaType(why: string): ApiError {
  const message = `the body of the request was in an unknown format - ${why}`;
  return new ApiError(415, 'UnsupportedMediaType', message);
}
