/** What the centre says to a box, by the short way to its own connection. */
import { topics } from '@shouwang/protocol';
import { beforeAll, expect, it } from 'vitest';
import { atTheEnd } from '../testing/at-the-end.ts';
import { aCentre, SECRET, type TestCentre } from '../testing/centre.ts';
import { anAlarm } from '../testing/messages.ts';
import { TestClient } from '../testing/mqtt-client.ts';

const atEnd = atTheEnd();
let centre: TestCentre;
beforeAll(async () => {
  centre = await aCentre({ atEnd });
});

const box = () => TestClient.connects(centre.mqttPort, 'box:box-0001', { password: SECRET });
const kinds = (client: TestClient) => client.heard.map((h) => h.topic.split('/').at(-1));

it('a box hears what it subscribed to, and nothing else', async () => {
  const client = await box();
  expect(await client.subscribes(topics.boxDown('box-0001', 'progress'))).toEqual([1]);
  const alarm = anAlarm('box-0001');
  await client.publishes(topics.boxUp('box-0001', 'alarm'), alarm);
  await client.hears('/down/progress', (e) => e.data.alarmId === alarm.id);
  expect(kinds(client)).not.toContain('received');
  await client.leaves();
});

it('one that subscribed twice hears everything once, the receipt before the progress', async () => {
  const client = await box();
  await client.subscribes(topics.boxDownAny('box-0001'), topics.boxDown('box-0001', 'received'));
  const alarm = anAlarm('box-0001');
  await client.publishes(topics.boxUp('box-0001', 'alarm'), alarm);
  await client.hears('/down/progress', (e) => e.data.alarmId === alarm.id);
  const about = client.heard.filter((h) => h.event.data.alarmId === alarm.id).map((h) => h.topic.split('/').at(-1));
  expect(about).toEqual(['received', 'progress']);
  await client.leaves();
});

it('one that subscribed to nothing is still acknowledged, and hears nothing', async () => {
  const client = await box();
  await client.publishes(topics.boxUp('box-0001', 'alarm'), anAlarm('box-0001'));
  await client.publishes(topics.boxUp('box-0001', 'alarm'), anAlarm('box-0001'));
  expect(client.heard).toEqual([]);
  await client.leaves();
});
