/** The door and the wires, with real clients and raw sockets. */
import { connect, type Socket } from 'node:net';
import { apiPaths, topics } from '@shouwang/protocol';
import { generate } from 'mqtt-packet';
import { beforeAll, describe, expect, it } from 'vitest';
import { atTheEnd } from '../testing/at-the-end.ts';
import { aCentre, SECRET, type TestCentre } from '../testing/centre.ts';
import { anAlarm } from '../testing/messages.ts';
import { TestClient } from '../testing/mqtt-client.ts';
import { until } from '../testing/until.ts';

const atEnd = atTheEnd();
let centre: TestCentre;
beforeAll(async () => {
  centre = await aCentre({ atEnd, config: { mqtt: { handshakeS: 0.5, maxConnectionsPerAddress: 40 } } });
});

/** A socket that speaks no MQTT by itself. */
async function raw(): Promise<{ socket: Socket; ended: () => Promise<void>; bytes: () => Buffer }> {
  const socket = connect(centre.mqttPort, '127.0.0.1');
  const chunks: Buffer[] = [];
  const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()));
  socket.on('error', () => undefined);
  socket.on('data', (chunk) => chunks.push(chunk));
  await new Promise((resolve) => socket.once('connect', resolve));
  return { socket, ended: () => closed, bytes: () => Buffer.concat(chunks) };
}
const connectPacket = (more: object = {}) =>
  generate({
    cmd: 'connect',
    protocolId: 'MQTT',
    protocolVersion: 4,
    clean: true,
    clientId: 'box-0001',
    keepalive: 30,
    username: 'box:box-0001',
    password: Buffer.from(SECRET),
    ...more,
  });
const CONNACK_NOT_AUTHORIZED = '20020005';

describe('the door', () => {
  it.each([
    ['a wrong secret', { password: Buffer.from('wrong') }],
    ['a box nobody enrolled', { clientId: 'box-9999', username: 'box:box-9999' }],
    ['a revoked box', { clientId: 'box-gone', username: 'box:box-gone' }],
    ['nobody', { username: undefined, password: undefined }],
    ['no keep-alive', { keepalive: 0 }],
    ['an alarm as last will', { will: { topic: topics.boxUp('box-0001', 'alarm'), payload: Buffer.from('{}'), qos: 1, retain: false } }],
  ])('%s is refused with return code 5', async (_what, more) => {
    const { socket, ended, bytes } = await raw();
    socket.write(connectPacket(more));
    await ended();
    expect(bytes().toString('hex')).toBe(CONNACK_NOT_AUTHORIZED);
  });

  it('refusals are on the record, the same one once a minute', async () => {
    const operator = await centre.operator();
    for (let i = 0; i < 3; i++) {
      const { socket, ended } = await raw();
      socket.write(connectPacket({ clientId: 'box-8888', username: 'box:box-8888' }));
      await ended();
    }
    const { deadLetters } = await until('the refusal is recorded', async () => {
      const answer = await operator.json('GET', apiPaths.deadLetters);
      return answer.deadLetters.some((d: { client: string }) => d.client === 'box-8888') && answer;
    });
    expect(deadLetters.filter((d: { client: string }) => d.client === 'box-8888')).toMatchObject([
      { topic: 'CONNECT', code: 'BOX_UNKNOWN', payload: '' },
    ]);
  });

  it('a connection that says nothing is closed', async () => {
    await (await raw()).ended();
  });

  it('an MQTT 5 client is told that its protocol is not spoken here', async () => {
    const { socket, ended, bytes } = await raw();
    socket.write(connectPacket({ protocolVersion: 5 }));
    await ended();
    expect(bytes()[3]).toBe(1);
  });

  it('what is no MQTT at all is closed', async () => {
    const { socket, ended } = await raw();
    socket.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n');
    await ended();
  });

  it('too many connections from one address are closed, others go on', async () => {
    const box = await centre.box();
    const many = await Promise.all(Array.from({ length: 45 }, () => raw().catch(() => undefined)));
    await Promise.all(many.map((m) => m?.ended()));
    const alarm = anAlarm('box-0001');
    await box.publishes(topics.boxUp('box-0001', 'alarm'), alarm);
    await box.hears('/down/received', (e) => e.data.messageId === alarm.id);
  });

  it('a second connection of the same box takes over, and the box stays online', async () => {
    const operator = await centre.operator();
    await operator.listens();
    const will = {
      topic: topics.boxStatus('box-0002'),
      payload: Buffer.from('{"online":false,"at":1,"version":"1"}'),
      qos: 1,
      retain: true,
    } as const;
    const first = await TestClient.connects(centre.mqttPort, 'box:box-0002', { password: SECRET, will });
    const second = await centre.connects('box:box-0002');
    await first.losesConnection();
    await second.subscribes(topics.boxDownAny('box-0002'));
    const alarm = anAlarm('box-0002');
    await second.publishes(topics.boxUp('box-0002', 'alarm'), alarm);
    await second.hears('/down/received', (e) => e.data.messageId === alarm.id);
    const { boxesOnline } = await operator.json('GET', apiPaths.health);
    expect(boxesOnline).toBe(1);
  });

  it('an integrator’s client id in use by nobody else may be any that begins with its name', async () => {
    const one = await centre.connects('integrator:110', { clientId: '110' });
    const two = await centre.connects('integrator:110', { clientId: '110-b' });
    expect([one.connected, two.connected]).toEqual([true, true]);
  });

  it('no session is claimed to be kept: it would not survive a restart', async () => {
    for (let i = 0; i < 2; i++) {
      const { socket, ended, bytes } = await raw();
      socket.write(connectPacket({ clean: false }));
      await until('the answer', () => bytes().length >= 4);
      expect(bytes().toString('hex').slice(0, 8)).toBe('20020000');
      socket.write(generate({ cmd: 'disconnect' }));
      await ended();
    }
  });
});

describe('packets that are too large', () => {
  /** An MQTT publish header that announces `size` bytes, and nothing after it but what is written. */
  const announcing = (size: number): Buffer => {
    const bytes = [0x32];
    for (let left = size; ; ) {
      const digit = left % 128;
      left = Math.floor(left / 128);
      bytes.push(left > 0 ? digit | 0x80 : digit);
      if (left === 0) break;
    }
    return Buffer.from(bytes);
  };

  it('before CONNECT: 256 MB announced, cut at once', async () => {
    const { socket, ended } = await raw();
    socket.write(announcing(256 * 1024 * 1024 - 1));
    socket.write(Buffer.alloc(1024));
    await ended();
  });

  it('a CONNECT of 5 KB is cut', async () => {
    const { socket, ended } = await raw();
    socket.write(connectPacket({ password: Buffer.alloc(5000, 'x') }));
    await ended();
  });

  it('after CONNECT: closed with bounded memory, however much is sent', async () => {
    const { socket, ended, bytes } = await raw();
    socket.write(connectPacket());
    await until('connected', () => bytes().length >= 4);
    const before = process.memoryUsage();
    socket.write(announcing(256 * 1024 * 1024 - 1));
    const chunk = Buffer.alloc(1024 * 1024);
    for (let i = 0; i < 64 && !socket.destroyed; i++) socket.write(chunk);
    await ended();
    const after = process.memoryUsage();
    // The 64 MB wait on this side's socket (one chunk, many times); what would grow is what the centre collects.
    expect(after.arrayBuffers - before.arrayBuffers).toBeLessThan(16 * 1024 * 1024);
  });

  it('the largest that is allowed goes through to the intake', async () => {
    const operator = await centre.operator();
    const box = await centre.box();
    const topic = topics.boxUp('box-0001', 'alarm');
    await box.publishes(topic, 'x'.repeat(65_536 - topic.length - 2 - 2));
    const { deadLetters } = await operator.json('GET', apiPaths.deadLetters);
    expect(deadLetters[0]).toMatchObject({ code: 'BAD_JSON', topic });
    expect(deadLetters[0].payload.length).toBeLessThanOrEqual(2000);
    await expect(box.publishes(topic, 'x'.repeat(65_536))).rejects.toThrow();
  });
});

describe('subscriptions', () => {
  it('are granted or refused one by one', async () => {
    const box = await centre.connects('box:box-0001');
    expect(await box.subscribes('sw/v1/box/box-0001/down/+', 'sw/v1/box/box-0002/down/+', '#', '$SYS/#')).toEqual([1, 128, 128, 128]);
  });

  it('an integrator hears of its areas only, also through a wide filter', async () => {
    const [far, near, boxNear, boxFar] = await Promise.all([
      centre.connects('integrator:12345'),
      centre.connects('integrator:110'),
      centre.box(),
      centre.box('box-far'),
    ]);
    expect(await near.subscribes(topics.caseEventAny)).toEqual([1]);
    expect(await far.subscribes('sw/v1/case/#')).toEqual([1]);
    expect(await far.subscribes('sw/v1/case/522328/101/+/+')).toEqual([128]);
    const [a, b] = [anAlarm('box-0001'), anAlarm('box-far')];
    await boxNear.publishes(topics.boxUp('box-0001', 'alarm'), a);
    await boxFar.publishes(topics.boxUp('box-far', 'alarm'), b);
    await near.hears('/opened', (e) => e.data.alarmId === a.id);
    await far.hears('/opened', (e) => e.data.alarmId === b.id);
    expect(near.heard.map((h) => h.event.data.area)).not.toContain('522401001001');
    expect(far.heard.every((h) => h.event.data.area === '522401001001')).toBe(true);
    expect(JSON.stringify(near.heard)).not.toMatch(/王秀英|139\d{8}|3组/);
  });
});
