import { apiPaths, topics } from '@shouwang/protocol';
import { expect, it } from 'vitest';
import { uuid7 } from '../ids.ts';
import { aCentre, VILLAGE } from '../testing/centre.ts';
import { anAlarm } from '../testing/messages.ts';

it('a node announces all the cameras of a township in one message; a box may not send so much', async () => {
  const centre = await aCentre();
  const [node, box, operator] = await Promise.all([centre.connects('media:media-01'), centre.box(), centre.operator()]);
  const cameras = Array.from({ length: 1000 }, (_, i) => ({
    id: `cam-${i}`,
    name: `村口小巷监控${i}`,
    place: `平安村村口小巷东侧${i}`,
    area: VILLAGE,
    position: { lat: 25.101, lon: 105.471 },
    householdsOf: [VILLAGE],
  }));
  const event = { ...anAlarm('x', {}, uuid7(1)), type: 'cn.shouwang.media.cameras.v1', data: { cameras } };
  await node.publishes(topics.mediaUp('media-01', 'cameras'), event);
  expect((await operator.json('GET', apiPaths.cameras)).cameras).toHaveLength(1000);
  await expect(box.publishes(topics.boxUp('box-0001', 'alarm'), event)).rejects.toThrow('closed');
});
