import { expect, test } from 'vitest';
import { openSession } from './session.ts';
import { loadStill } from './stills.ts';
import { answer, FakeTimers, refuse } from './testing/fakes.ts';
import { grant, makeNode } from './testing/world.ts';

async function withStill(reply: () => ReturnType<typeof answer>) {
  const node = makeNode();
  node.answers['GET /v1/cameras/gate/still.jpg'] = reply;
  return openSession(grant, { http: node.http, timers: new FakeTimers() });
}

test('a still has a blob address and the time of its picture', async () => {
  const session = await withStill(() => answer(200, 'jpeg', { 'x-picture-time': '1764000000123' }));
  const still = await loadStill(session);
  expect(still.blobUrl).toMatch(/^blob:/);
  expect(still.pictureAt).toBe(1764000000123);
  still.release();
});

test('a still without a time says so', async () => {
  const session = await withStill(() => answer(200, 'jpeg'));
  expect((await loadStill(session)).pictureAt).toBeUndefined();
});

test('a refused still rejects with the code of the node', async () => {
  const session = await withStill(() => refuse('CAMERA_OFFLINE'));
  await expect(loadStill(session)).rejects.toMatchObject({ code: 'CAMERA_OFFLINE' });
  expect(session.ended).toBeUndefined();
});

test('a still refused with 401 ends the session', async () => {
  const session = await withStill(() => refuse('SESSION_INVALID'));
  await expect(loadStill(session)).rejects.toMatchObject({ code: 'SESSION_INVALID' });
  expect(session.ended).toBe('SESSION_INVALID');
});
