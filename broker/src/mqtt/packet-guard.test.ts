/** Holds the guard against the parser that it stands on. */
import { connect, createServer, type Server, type Socket } from 'node:net';
import { Aedes, type Client } from 'aedes';
import { afterEach, expect, it } from 'vitest';
import { guardPacketSize, OversizedPacket } from './packet-guard.ts';

let server: Server;
let aedes: Aedes;
afterEach(async () => {
  await new Promise<void>((resolve) => aedes.close(resolve));
  server.close();
});

/** A bare broker with the guard, and a socket to it. */
async function guarded(limit: number): Promise<{ socket: Socket; client: Client; failure: Promise<Error> }> {
  aedes = await Aedes.createBroker({ concurrency: 0, connectTimeout: 60_000 });
  const failure = new Promise<Error>((resolve) => aedes.once('connectionError', (_client, error) => resolve(error)));
  let client: Client | undefined;
  server = createServer((conn) => {
    client = aedes.handle(conn);
    guardPacketSize(client, () => limit);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const socket = connect((server.address() as { port: number }).port, '127.0.0.1');
  socket.on('error', () => undefined);
  await new Promise((resolve) => socket.once('connect', resolve));
  while (!client) await new Promise((resolve) => setImmediate(resolve));
  return { socket, client, failure };
}

it('closes as soon as the length is known, with nothing of the body collected', async () => {
  const { socket, client, failure } = await guarded(1000);
  // A publish of 268,435,455 bytes, the largest that MQTT can announce (3.1.1, 2.2.3), in two pieces.
  socket.write(Buffer.from([0x30, 0xff, 0xff]));
  socket.write(Buffer.from([0xff, 0x7f]));
  const error = await failure;
  expect(error).toBeInstanceOf(OversizedPacket);
  expect((error as OversizedPacket).bytes).toBe(268_435_455);
  const parser = (client as unknown as { _parser: { _list: { length: number } } })._parser;
  expect(parser._list.length).toBeLessThan(16);
});

it('one byte more than allowed is too large, exactly as much is not', async () => {
  const { socket, failure } = await guarded(12);
  // CONNECT with an empty client id: 12 bytes; aedes goes on to answer it.
  const connectPacket = Buffer.from([0x10, 12, 0, 4, 0x4d, 0x51, 0x54, 0x54, 4, 2, 0, 30, 0, 0]);
  socket.write(connectPacket);
  const answer = await new Promise<Buffer>((resolve) => socket.once('data', resolve));
  expect(answer.toString('hex')).toBe('20020000');
  const closed = new Promise<void>((resolve) => aedes.once('clientError', () => resolve()));
  socket.write(Buffer.from([0x30, 13]));
  await Promise.race([closed, failure]);
});

it('a parser that it does not know is refused at once', async () => {
  await guarded(1000);
  expect(() => guardPacketSize({ _parser: {} } as unknown as Client, () => 1)).toThrow(/does not fit/);
});
