/** Nothing lies while the store is in trouble: no acknowledgement without a commit. */
import { CodedError, topics } from '@shouwang/protocol';
import { expect, it, onTestFinished } from 'vitest';
import { systemClock } from '../clock.ts';
import { parseBrokerConfig } from '../config.ts';
import type { Directory } from '../enrolment/directory.ts';
import { hashSecret } from '../enrolment/secrets.ts';
import { SECRET } from '../testing/centre.ts';
import { anAlarm } from '../testing/messages.ts';
import { TestClient } from '../testing/mqtt-client.ts';
import { until } from '../testing/until.ts';
import { Connections } from './connections.ts';
import { BoxPaces } from './pace.ts';
import { MqttServer, type Verdict } from './server.ts';

const topic = topics.boxUp('box-1', 'alarm');
const household = { boxId: 'box-1', name: '', address: '', phone: '', area: '522328' };
const directory: Directory = {
  boxes: new Map([['box-1', { household, secretHash: hashSecret(SECRET), revoked: false }]]),
  integrators: new Map(),
  mediaNodes: new Map(),
  operators: new Map(),
  areas: new Map(),
};

/** A broker whose intake does what the test says. */
async function serving(receive: () => Promise<Verdict>, mqtt: object = {}) {
  const config = parseBrokerConfig(JSON.stringify({ mqtt: { port: 0, ...mqtt } }), 'test').mqtt;
  const quiet = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined, fatal: () => undefined };
  const server = new MqttServer({
    config,
    directory,
    connections: new Connections({ changed: () => undefined, now: () => 0 }),
    tls: undefined,
    boxPaces: new BoxPaces(systemClock, config),
    clock: systemClock,
    log: quiet,
    handlers: { receive, refused: () => undefined, tooFast: () => undefined, subscribed: () => undefined },
  });
  await server.open();
  const { plain: port } = await server.listen();
  onTestFinished(() => server.close());
  const connects = async () => {
    const client = await TestClient.connects(port, 'box:box-1', { password: SECRET });
    onTestFinished(() => client.leaves());
    return client;
  };
  return { connects };
}

it('a store that stays down: no acknowledgement, and after the bound the connection is closed', async () => {
  let tries = 0;
  const { connects } = await serving(
    () => {
      tries++;
      return Promise.reject(new CodedError('STORE_UNAVAILABLE'));
    },
    { holdS: 1.2 },
  );
  const box = await connects();
  const started = performance.now();
  await expect(box.publishes(topic, anAlarm('box-1'))).rejects.toThrow('closed');
  expect(performance.now() - started).toBeGreaterThan(1000);
  expect(tries).toBe(3);
  expect(box.acknowledged).toEqual([]);
});

it('a store that comes back within the bound: acknowledged then, not before', async () => {
  let up = false;
  let tries = 0;
  const { connects } = await serving(async () => {
    tries++;
    if (!up) throw new CodedError('STORE_UNAVAILABLE');
    return 'accepted';
  });
  const box = await connects();
  const published = box.publishes(topic, anAlarm('box-1'));
  await until('it was tried', () => tries > 0);
  expect(box.acknowledged).toEqual([]);
  up = true;
  await published;
  expect(box.connected).toBe(true);
});

it('a commit that hangs: the acknowledgement waits for it', async () => {
  const commits: ((verdict: Verdict) => void)[] = [];
  const { connects } = await serving(() => new Promise((resolve) => commits.push(resolve)));
  const box = await connects();
  const published = box.publishes(topic, anAlarm('box-1'));
  const commit = await until('it is at the intake', () => commits[0]);
  expect(box.acknowledged).toEqual([]);
  commit('accepted');
  await published;
  expect(box.acknowledged).toEqual([topic]);
});

it('too many alarms from one box are delayed, not dropped', async () => {
  let taken = 0;
  const { connects } = await serving(
    async () => {
      taken++;
      return 'accepted';
    },
    { boxAlarmRate: 100, boxAlarmBurst: 10 },
  );
  const box = await connects();
  const started = performance.now();
  await Promise.all(Array.from({ length: 60 }, () => box.publishes(topic, anAlarm('box-1'))));
  expect(taken).toBe(60);
  expect(performance.now() - started).toBeGreaterThan(400);
});

it('a busy port says which service wanted it and which key changes it', async () => {
  const { createServer } = await import('node:net');
  const other = createServer();
  await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void other.close());
  const { port } = other.address() as { port: number };
  await expect(serving(async () => 'accepted', { port })).rejects.toThrow(
    /PORT_BUSY: MQTT of the broker wants 127.0.0.1:\d+ \(EADDRINUSE\); change mqtt.port or SHOUWANG_BROKER_MQTT_PORT/,
  );
});
