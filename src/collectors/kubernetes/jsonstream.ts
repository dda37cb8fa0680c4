/**
 * Cutting API answers into single objects while they arrive, on bytes: a list of 100,000 pods is never held as a
 * whole, neither as text nor as objects.
 */
import { type Raw, record } from './raw.ts';

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const NEWLINE = 0x0a;
const OPEN_BRACE = 0x7b;
const OPEN_BRACKET = 0x5b;
const CLOSE_BRACE = 0x7d;
const CLOSE_BRACKET = 0x5d;

/** No single object of a sane cluster is larger (etcd refuses 1.5 MiB); more is not kept. */
const MAX_OBJECT_BYTES = 64 << 20;
const MAX_ENVELOPE_BYTES = 1 << 20;

/** Bytes that belong together but came in several chunks. */
class Pieces {
  private pieces: Buffer[] = [];
  private size = 0;

  add(bytes: Buffer, limit: number): void {
    this.size += bytes.length;
    if (this.size > limit) throw new SyntaxError(`an object is larger than ${limit >> 20} MiB`);
    if (bytes.length > 0) this.pieces.push(bytes);
  }

  get empty(): boolean {
    return this.size === 0;
  }

  take(): Buffer {
    const [first] = this.pieces;
    const whole = this.pieces.length === 1 && first ? first : Buffer.concat(this.pieces);
    this.pieces = [];
    this.size = 0;
    return whole;
  }
}

/** Cuts a watch stream into its lines, wherever the chunks are cut. Blank lines are left out. */
export class LineSplitter {
  private readonly open = new Pieces();

  /** Calls `onLine` for each line completed by this chunk. Throws SyntaxError for a line beyond all reason. */
  feed(chunk: Buffer, onLine: (line: Buffer) => void): void {
    let start = 0;
    for (let end = chunk.indexOf(NEWLINE); end >= 0; end = chunk.indexOf(NEWLINE, start)) {
      this.open.add(chunk.subarray(start, end), MAX_OBJECT_BYTES);
      start = end + 1;
      if (!this.open.empty) onLine(this.open.take());
    }
    this.open.add(chunk.subarray(start), MAX_OBJECT_BYTES);
  }
}

/**
 * Cuts the JSON of a `…List` into its items and the rest (the envelope with kind and metadata). Understands just
 * enough JSON for that: strings, and the depth of brackets.
 */
export class ListSplitter {
  private readonly item = new Pieces();
  private readonly envelope = new Pieces();
  private depth = 0;
  private inString = false;
  private escaped = false;
  /** The last string seen directly in the top object: the key that a `[` belongs to. */
  private key = '';
  private inItems = false;

  /** Calls `onItem` with the JSON of each item completed by this chunk. Throws SyntaxError. */
  feed(chunk: Buffer, onItem: (json: Buffer) => void): void {
    let start = 0;
    for (let i = 0; i < chunk.length; i += 1) {
      const byte = chunk[i];
      if (this.inString) {
        i = this.skipString(chunk, i);
        continue;
      }
      if (byte === QUOTE) {
        this.inString = true;
        if (this.depth === 1) this.key = '';
      } else if (byte === OPEN_BRACE || byte === OPEN_BRACKET) {
        this.depth += 1;
        if (this.depth === 2 && byte === OPEN_BRACKET && this.key === 'items') {
          this.envelope.add(chunk.subarray(start, i + 1), MAX_ENVELOPE_BYTES);
          start = i + 1;
          this.inItems = true;
        } else if (this.depth === 3 && this.inItems) start = i;
      } else if (byte === CLOSE_BRACE || byte === CLOSE_BRACKET) {
        this.depth -= 1;
        if (!this.inItems) continue;
        if (this.depth === 2) {
          this.item.add(chunk.subarray(start, i + 1), MAX_OBJECT_BYTES);
          start = i + 1;
          onItem(this.item.take());
        } else if (this.depth === 1) {
          start = i;
          this.inItems = false;
        }
      }
    }
    const rest = chunk.subarray(start);
    if (!this.inItems) this.envelope.add(rest, MAX_ENVELOPE_BYTES);
    else if (this.depth > 2) this.item.add(rest, MAX_OBJECT_BYTES);
  }

  /** The envelope, with empty `items`. Throws SyntaxError when the answer was cut off or is no JSON object. */
  end(): Raw {
    if (this.depth !== 0 || this.inString) throw new SyntaxError('the answer is cut off');
    return record(JSON.parse(this.envelope.take().toString('utf8')));
  }

  /** From inside a string to its closing quote, or to the last byte of the chunk. */
  private skipString(chunk: Buffer, from: number): number {
    for (let i = from; i < chunk.length; i += 1) {
      const byte = chunk[i];
      if (this.escaped) this.escaped = false;
      else if (byte === BACKSLASH) this.escaped = true;
      else if (byte === QUOTE) {
        this.inString = false;
        return i;
      } else if (this.depth === 1 && this.key.length < 8) this.key += String.fromCharCode(byte ?? 0);
    }
    return chunk.length;
  }
}

const MANAGED_FIELDS = Buffer.from('"managedFields":[');

/**
 * Parses one object, leaving out `managedFields`: a third of most objects, which no projection reads. In valid JSON
 * the byte sequence looked for is always that key, because a quote inside a string would be escaped. Throws SyntaxError.
 */
export function parseObject(json: Buffer): unknown {
  const start = json.indexOf(MANAGED_FIELDS);
  const end = start < 0 ? -1 : closingBracket(json, start + MANAGED_FIELDS.length);
  if (end < 0) return JSON.parse(json.toString('utf8'));
  const commaAfter = json[end + 1] === 0x2c;
  const head = json.toString('utf8', 0, commaAfter || json[start - 1] !== 0x2c ? start : start - 1);
  return JSON.parse(head + json.toString('utf8', commaAfter ? end + 2 : end + 1));
}

/** Index of the bracket that closes the array whose content begins at `from`; -1 when there is none. */
function closingBracket(json: Buffer, from: number): number {
  let depth = 1;
  for (let i = from; i < json.length; i += 1) {
    const byte = json[i];
    if (byte === QUOTE) i = stringEnd(json, i + 1);
    else if (byte === OPEN_BRACKET) depth += 1;
    else if (byte === CLOSE_BRACKET) {
      depth -= 1;
      if (depth === 0) return i;
    }
  }
  return -1;
}

function stringEnd(json: Buffer, from: number): number {
  let i = from;
  while (i < json.length && json[i] !== QUOTE) i += json[i] === BACKSLASH ? 2 : 1;
  return i;
}
