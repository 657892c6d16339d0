import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { afterEach, expect, test, vi } from 'vitest';
import { UdpPair } from './udp-pair.ts';

const opened: { close(): void }[] = [];
afterEach(() => {
  for (const o of opened.splice(0)) o.close();
});

async function pair(camera: string) {
  const heard: string[] = [];
  const p = await UdpPair.open('127.0.0.1', { onRtp: (b) => heard.push(`rtp ${b}`), onRtcp: (b) => heard.push(`rtcp ${b}`) });
  opened.push(p);
  p.peer(camera, undefined, undefined);
  return { p, heard };
}

async function sender(address: string) {
  const socket = createSocket('udp4').bind(0, address);
  await once(socket, 'listening');
  opened.push(socket);
  return socket;
}

test('two ports in a row, the first even, each with its own kind of packet', async () => {
  const { p, heard } = await pair('127.0.0.1');
  expect(p.port % 2).toBe(0);
  const camera = await sender('127.0.0.1');
  camera.send('a', p.port, '127.0.0.1');
  camera.send('b', p.port + 1, '127.0.0.1');
  await vi.waitFor(() => expect(heard.sort()).toEqual(['rtcp b', 'rtp a']));
});

test('packets of anybody but the camera are nobody’s', async () => {
  const { p, heard } = await pair('127.0.0.2');
  (await sender('127.0.0.1')).send('stranger', p.port, '127.0.0.1');
  (await sender('127.0.0.2')).send('camera', p.port, '127.0.0.1');
  await vi.waitFor(() => expect(heard).toEqual(['rtp camera']));
});

test('closed twice is closed', async () => {
  const { p } = await pair('127.0.0.1');
  p.close();
  p.close();
  p.sendRtcp(Buffer.alloc(1));
});
