import { createHash, X509Certificate } from 'node:crypto';
import { type AddressInfo, createServer } from 'node:net';
import { connect } from 'node:tls';
import { expect, it, onTestFinished } from 'vitest';
import { type ServerIdentity, ticketKeys } from '../pki/server-identity.ts';
import { boxKeys, selfSigned } from '../testing/box-keys.ts';
import { TlsFront } from './tls.ts';

async function anIdentity(): Promise<ServerIdentity> {
  const keys = await boxKeys('CN=centre');
  return { key: keys.key, chain: await selfSigned(keys, 'CN=centre') };
}

it('a renewed certificate is shown from the next handshake on; lines that stand go on', async () => {
  const [before, after] = [await anIdentity(), await anIdentity()];
  const front = new TlsFront({
    identity: before,
    now: 0,
    handshakeMs: 5000,
    opened: (socket) => {
      socket.on('error', () => undefined);
      socket.pipe(socket);
    },
    failed: () => undefined,
  });
  const server = createServer((socket) => front.take(socket));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  const opens = async () => {
    const socket = connect({ port: (server.address() as AddressInfo).port, host: '127.0.0.1', rejectUnauthorized: false });
    socket.on('error', () => undefined);
    onTestFinished(() => void socket.destroy());
    await new Promise((resolve) => socket.once('secureConnect', resolve));
    return { socket, serial: socket.getPeerX509Certificate()?.serialNumber };
  };
  const standing = await opens();
  expect(standing.serial).toBe(new X509Certificate(before.chain).serialNumber);
  front.renew(after, 86_400_000);
  expect((await opens()).serial).toBe(new X509Certificate(after.chain).serialNumber);
  const echo = new Promise((resolve) => standing.socket.once('data', resolve));
  standing.socket.write('still here');
  expect(String(await echo)).toBe('still here');
});

it('the ticket key is the same all day, another the next day, and another centre’s is another', async () => {
  const [one, other] = [await anIdentity(), await anIdentity()];
  const day = (identity: ServerIdentity, ms: number) => createHash('sha256').update(ticketKeys(identity, ms)).digest('hex');
  expect(ticketKeys(one, 0)).toHaveLength(48);
  expect(day(one, 86_399_999)).toBe(day(one, 0));
  expect(new Set([day(one, 0), day(one, 86_400_000), day(other, 0)]).size).toBe(3);
});
