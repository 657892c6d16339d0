/** Each limit of the configuration, with whoever exceeds it, and with the others who must not notice. */
import { adminPaths, apiPaths, type DeadLetter, topics, type UpKind } from '@shouwang/protocol';
import { describe, expect, it } from 'vitest';
import { aCentre, type TestCentre } from '../testing/centre.ts';
import { anAlarm, aSync } from '../testing/messages.ts';
import type { TestClient } from '../testing/mqtt-client.ts';
import { RawClient } from '../testing/raw-client.ts';
import { until } from '../testing/until.ts';

const takesAlarms = async (box: TestClient, boxId: string) => {
  const alarm = anAlarm(boxId);
  await box.publishes(topics.boxUp(boxId, 'alarm'), alarm);
  await box.hears('/down/received', (e) => e.data.messageId === alarm.id);
};
const lettersOf = async (centre: TestCentre, client: string): Promise<DeadLetter[]> => {
  const { deadLetters } = await (await centre.operator()).json('GET', apiPaths.deadLetters);
  return deadLetters.filter((d: DeadLetter) => d.client === client);
};

describe('connections', () => {
  it('that never say CONNECT are all closed after the time for it, while alarms are taken (handshakeS)', async () => {
    const centre = await aCentre({ config: { mqtt: { handshakeS: 1 } } });
    const box = await centre.box();
    const silent = await Promise.all(Array.from({ length: 300 }, () => RawClient.opens(centre.mqttPort)));
    // Half a CONNECT is none.
    for (const client of silent.slice(0, 100)) client.socket.write(Buffer.from([0x10, 40, 0, 4]));
    await takesAlarms(box, 'box-0001');
    await Promise.all(silent.map((client) => client.closes()));
    await takesAlarms(box, 'box-0001');
  });

  it('more than allowed in all are closed; those that stand go on, and a place that becomes free is given (maxConnections)', async () => {
    const centre = await aCentre({ config: { mqtt: { maxConnections: 3 } } });
    const box = await centre.box();
    const [a, b] = [await RawClient.opens(centre.mqttPort), await RawClient.opens(centre.mqttPort)];
    await (await RawClient.opens(centre.mqttPort)).closes();
    expect([a.isClosed, b.isClosed]).toEqual([false, false]);
    await takesAlarms(box, 'box-0001');
    a.socket.destroy();
    await until('a place is free', () => centre.connects('box:box-0002').catch(() => undefined));
  });

  it('without a client id are refused, whoever they are [MQTT-3.1.3-8]', async () => {
    const centre = await aCentre();
    for (const userName of ['box:box-0001', 'integrator:110', 'media:media-01'])
      await expect(centre.connects(userName, { clientId: '' })).rejects.toThrow();
    await until('that is recorded', async () => (await lettersOf(centre, '')).some((d) => d.code === 'NOT_ALLOWED'));
  });
});

describe('publishing', () => {
  it('a box that sends too fast is recorded once and counted; its own alarm and everybody else’s go through (boxRate, boxBurst)', async () => {
    const centre = await aCentre({ config: { mqtt: { boxRate: 1, boxBurst: 10 } } });
    const [mad, other] = [await RawClient.box(centre.mqttPort, 'box-0001'), await centre.box('box-0002')];
    const topic = topics.boxUp('box-0001', 'view');
    for (let i = 1; i <= 500; i++)
      mad.says({ cmd: 'publish', topic, payload: `{"n":${i}}`, qos: 1, messageId: i, dup: false, retain: false });
    const alarm = JSON.stringify(anAlarm('box-0001'));
    const alarmTopic = topics.boxUp('box-0001', 'alarm');
    mad.says({ cmd: 'publish', topic: alarmTopic, payload: alarm, qos: 1, messageId: 501, dup: false, retain: false });
    await takesAlarms(other, 'box-0002');
    await mad.hears('puback', 501);
    const { cases } = await (await centre.operator()).json('GET', apiPaths.cases);
    expect(cases.map((c: { household: { boxId: string } }) => c.household.boxId)).toContain('box-0001');
    const tooFast = await until('they are counted', async () => {
      const rows = (await lettersOf(centre, 'box:box-0001')).filter((d) => d.code === 'RATE_EXCEEDED');
      return rows.some((d) => d.count > 400) && rows;
    });
    expect(tooFast).toMatchObject([{ topic, payload: expect.stringMatching(/^\{"n":1\d\}$/) }]);
  });

  it('an alarm that comes too soon waits for its turn and is taken (boxAlarmRate, boxAlarmBurst)', async () => {
    const centre = await aCentre({ config: { mqtt: { boxAlarmRate: 5, boxAlarmBurst: 1 } } });
    const box = await centre.box();
    await Promise.all([1, 2, 3].map(() => takesAlarms(box, 'box-0001')));
    expect(await lettersOf(centre, 'box:box-0001')).toEqual([]);
  });

  it('to what only the centre may say, to the broker’s own topics and to others’ closes the connection, on the record', async () => {
    const centre = await aCentre();
    const forbidden = [topics.boxDown('box-0001', 'received'), '$SYS/broker/uptime', topics.boxUp('box-0002', 'alarm'), 'x'.repeat(500)];
    for (const topic of forbidden) {
      const box = await centre.connects('box:box-0001');
      await expect(box.publishes(topic, '{}')).rejects.toThrow();
    }
    const letters = await lettersOf(centre, 'box:box-0001');
    expect(letters.map((d) => [d.code, d.topic])).toEqual(forbidden.reverse().map((t) => ['NOT_YOUR_TOPIC', t.slice(0, 200)]));
  });

  it('an alarm is never retained, whatever its sender says', async () => {
    const centre = await aCentre();
    const box = await centre.box();
    const alarm = anAlarm('box-0001');
    await box.publishes(topics.boxUp('box-0001', 'alarm'), alarm, { retain: true });
    await box.hears('/down/received', (e) => e.data.messageId === alarm.id);
    expect(box.heard.filter((h) => h.retain)).toEqual([]);
  });

  it('messages left half-sent at QoS 2 are bounded (maxInflight)', async () => {
    const centre = await aCentre({ config: { mqtt: { maxInflight: 5 } } });
    const box = await RawClient.box(centre.mqttPort, 'box-0001');
    const topic = topics.boxUp('box-0001', 'view');
    for (let messageId = 1; messageId <= 6; messageId++)
      box.says({ cmd: 'publish', topic, payload: '{}', qos: 2, messageId, dup: false, retain: false });
    await box.closes();
  });

  it('a topic of too many levels closes the connection (maxTopicLevels)', async () => {
    const centre = await aCentre({ config: { mqtt: { maxTopicLevels: 7 } } });
    const box = await centre.connects('box:box-0001');
    await expect(box.publishes('sw/v1/box/box-0001/up/alarm/a/b', '{}')).rejects.toThrow();
  });
});

describe('subscribing', () => {
  it('to more filters than allowed is refused one by one; those granted stay (maxSubscriptions)', async () => {
    const centre = await aCentre({ config: { mqtt: { maxSubscriptions: 3 } } });
    const box = await centre.connects('box:box-0001');
    const filters = ['received', 'rejected', 'progress', 'notice', 'grant'].map((kind) => `sw/v1/box/box-0001/down/${kind}`);
    expect(await box.subscribes(...filters)).toEqual([1, 1, 1, 128, 128]);
    expect(await box.subscribes(filters[0]!)).toEqual([1]);
    await takesAlarms(box, 'box-0001');
  });

  it('to a filter longer than allowed is refused (maxFilterBytes)', async () => {
    const centre = await aCentre({ config: { mqtt: { maxFilterBytes: 64 } } });
    const box = await centre.connects('box:box-0001');
    expect(await box.subscribes(`sw/v1/box/box-0001/down/${'x'.repeat(64)}`, topics.boxDownAny('box-0001'))).toEqual([128, 1]);
  });

  it('to the broker’s own topics is refused', async () => {
    const centre = await aCentre();
    for (const userName of ['box:box-0001', 'integrator:110', 'media:media-01'])
      expect(await (await centre.connects(userName)).subscribes('$SYS/#', '$SYS/+/new/clients', '+/#', '#')).toEqual([128, 128, 128, 128]);
  });
});

describe('a client that does not do its part', () => {
  it('never acknowledges: it hears everything all the same, and nobody waits for it', async () => {
    const centre = await aCentre();
    const [deaf, other] = [await RawClient.box(centre.mqttPort, 'box-0001'), await centre.box('box-0002')];
    deaf.says({ cmd: 'subscribe', messageId: 1, subscriptions: [{ topic: topics.boxDownAny('box-0001'), qos: 1 }] });
    await deaf.hears('suback');
    for (let i = 0; i < 20; i++) {
      const payload = JSON.stringify(anAlarm('box-0001'));
      deaf.says({ cmd: 'publish', topic: topics.boxUp('box-0001', 'alarm'), payload, qos: 1, messageId: i + 2, dup: false, retain: false });
    }
    await deaf.hears('publish', 40);
    await takesAlarms(other, 'box-0002');
  });

  it('never reads: it is cut once so much is waiting, and the others hear theirs (maxBufferBytes)', async () => {
    const mqtt = { maxBufferBytes: 65_536, boxAlarmBurst: 1000, boxRate: 1000, boxBurst: 10_000 };
    const centre = await aCentre({ config: { mqtt } });
    const [reader, admin] = [await centre.box('box-0002'), await centre.operator('guanli')];
    const slow = await RawClient.box(centre.mqttPort, 'box-0001');
    slow.says({ cmd: 'subscribe', messageId: 1, subscriptions: [{ topic: topics.boxDownAny('box-0001'), qos: 1 }] });
    let messageId = 1;
    const says = (kind: UpKind, event: object) => {
      messageId = (messageId % 65_000) + 1;
      const payload = JSON.stringify(event);
      slow.says({ cmd: 'publish', topic: topics.boxUp('box-0001', kind), payload, qos: 1, messageId, dup: false, retain: false });
    };
    // Each question is answered with the state of a hundred cases.
    for (let i = 0; i < 100; i++) says('alarm', anAlarm('box-0001'));
    await slow.hears('puback', 100);
    slow.socket.pause();
    await until(
      'it is cut',
      async () => {
        for (let i = 0; i < 50; i++) says('sync', aSync('box-0001'));
        return !(await admin.json('GET', adminPaths.box('box-0001'))).online;
      },
      60_000,
    );
    await takesAlarms(reader, 'box-0002');
    // The system's own buffers have to be filled first: some megabytes.
  }, 90_000);
});
