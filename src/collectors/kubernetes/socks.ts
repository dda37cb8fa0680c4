import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

const NO_AUTHENTICATION = 0;
const USER_PASSWORD = 2;
const REPLIES: Readonly<Record<number, string>> = {
  1: 'general failure',
  2: 'not allowed by its rules',
  3: 'network unreachable',
  4: 'host unreachable',
  5: 'connection refused',
};

/**
 * A connection to host:port through a SOCKS5 proxy (RFC 1928, RFC 1929), e.g. `ssh -D`. The proxy resolves names.
 * Throws an Error that says why there is none.
 */
export async function connectSocks(
  proxy: URL,
  host: string,
  port: number,
  signal: AbortSignal,
): Promise<Socket> {
  const socket = connect(Number(proxy.port || 1080), proxy.hostname.replace(/^\[|\]$/g, ''));
  const giveUp = (): void => void socket.destroy(new Error('no answer'));
  signal.addEventListener('abort', giveUp);
  try {
    await once(socket, 'connect');
    await authenticate(socket, proxy);
    const name = Buffer.from(host);
    socket.write(
      Buffer.concat([Buffer.from([5, 1, 0, 3, name.length]), name, Buffer.from([port >> 8, port & 255])]),
    );
    const [, reply = 1, , addressType] = await read(socket, 4);
    if (reply !== 0) throw new Error(REPLIES[reply] ?? `reply ${reply}`);
    const addressLength = addressType === 1 ? 4 : addressType === 4 ? 16 : ((await read(socket, 1))[0] ?? 0);
    await read(socket, addressLength + 2);
    return socket;
  } catch (error) {
    socket.destroy();
    throw error;
  } finally {
    signal.removeEventListener('abort', giveUp);
  }
}

async function authenticate(socket: Socket, proxy: URL): Promise<void> {
  const user = Buffer.from(decodeURIComponent(proxy.username));
  const password = Buffer.from(decodeURIComponent(proxy.password));
  socket.write(Buffer.from([5, 1, user.length > 0 ? USER_PASSWORD : NO_AUTHENTICATION]));
  const [version, method] = await read(socket, 2);
  if (version !== 5 || method === 0xff)
    throw new Error('it does not accept our login, or is no SOCKS5 proxy');
  if (method !== USER_PASSWORD) return;
  socket.write(
    Buffer.concat([Buffer.from([1, user.length]), user, Buffer.from([password.length]), password]),
  );
  const [, status] = await read(socket, 2);
  if (status !== 0) throw new Error('wrong user or password');
}

/** Exactly `size` bytes; what follows stays in the socket. */
async function read(socket: Socket, size: number): Promise<Buffer> {
  for (;;) {
    const bytes: Buffer | null = socket.read(size);
    if (bytes !== null && bytes.length === size) return bytes;
    if (socket.readableEnded) throw new Error('it closed the connection');
    const arrived = Promise.race([once(socket, 'readable'), once(socket, 'end')]);
    await arrived;
  }
}
