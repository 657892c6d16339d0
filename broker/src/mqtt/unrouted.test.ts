import { once } from 'node:events';
import { createServer, type Server } from 'node:net';
import { Aedes } from 'aedes';
import { connectAsync } from 'mqtt';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { until } from '../testing/until.ts';
import { keepFromOthers } from './unrouted.ts';

let aedes: Aedes;
let server: Server;
beforeEach(async () => {
  // One that allows everybody everything.
  aedes = await Aedes.createBroker({ concurrency: 0 });
  keepFromOthers(aedes);
  server = createServer((socket) => void aedes.handle(socket)).listen(0, '127.0.0.1');
  await once(server, 'listening');
});
afterEach(async () => {
  await new Promise<void>((resolve) => aedes.close(() => resolve()));
  server.close();
});

const client = () => connectAsync(`mqtt://127.0.0.1:${(server.address() as { port: number }).port}`, { reconnectPeriod: 0 });

it('what a client says is acknowledged and reaches no other, at any QoS; what the centre says does', async () => {
  const [says, hears] = await Promise.all([client(), client()]);
  const heard: string[] = [];
  hears.on('message', (topic) => heard.push(topic));
  await hears.subscribeAsync('#', { qos: 2 });
  for (const qos of [0, 1, 2] as const) await says.publishAsync(`client/${qos}`, 'x', { qos });
  aedes.publish({ cmd: 'publish', topic: 'centre', payload: Buffer.from('x'), qos: 1, retain: false, dup: false }, () => undefined);
  await until('the centre is heard', () => heard.includes('centre'));
  expect(heard).toEqual(['centre']);
  await Promise.all([says.endAsync(true), hears.endAsync(true)]);
});

it('a retained state is kept', async () => {
  const says = await client();
  await says.publishAsync('state', 'x', { qos: 1, retain: true });
  const later = await client();
  const heard: string[] = [];
  later.on('message', (topic) => heard.push(topic));
  await later.subscribeAsync('state');
  await until('the state is there', () => heard.includes('state'));
  await Promise.all([says.endAsync(true), later.endAsync(true)]);
});
