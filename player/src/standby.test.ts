/** While HLS plays in place of WebRTC: a second connection beside it, which takes over once its pictures come. */
import { expect, test } from 'vitest';
import { answer, FakeHls, FakePeer, refuse } from './testing/fakes.ts';
import { makeWorld } from './testing/world.ts';

const WHEP = 'POST /v1/cameras/gate/whep';

/** Pictures come until `holds`, for two minutes at most. */
async function until(w: Awaited<ReturnType<typeof makeWorld>>, holds: () => boolean) {
  for (let s = 0; s < 120 && !holds(); s++) await w.plays(1000);
  expect(holds()).toBe(true);
}

test('a path that broke is tried again beside HLS after a while; one that never stood is not', async () => {
  const w = await makeWorld();
  await w.plays(1000);
  FakePeer.last.ice('failed');
  await w.plays(95_000);
  expect(w.node.count(WHEP)).toBe(2);
  const never = await makeWorld();
  FakePeer.last.ice('failed');
  await never.plays(95_000);
  expect(never.node.count(WHEP)).toBe(1);
});

test('no room for WebRTC: HLS at once; later a second connection takes over without a gap', async () => {
  const full = { code: 'WEBRTC_FULL', message: '', retry: true };
  const w = await makeWorld({}, (node) => {
    node.answers[WHEP] = () => answer(503, full, { 'retry-after': '30' });
  });
  expect(w.player.transport).toBe('hls');
  await w.plays(20_000);
  expect(w.node.count(WHEP)).toBe(1);
  // Still no room: HLS plays on.
  await w.plays(40_000);
  expect(w.node.count(WHEP)).toBe(2);
  expect(w.player.state).toBe('playing');
  w.node.answers[WHEP] = () => answer(201, 'v=0 answer', { location: '/v1/whep/77' });
  await until(w, () => w.node.count(WHEP) === 3);
  // The path stands, and the key frame that everybody waits for is seconds away.
  FakePeer.last.ice('connected');
  await w.plays(3000);
  expect(w.states().at(-1)).toBe('hls playing');
  expect(FakeHls.last.destroyed).toBe(false);
  FakePeer.last.packets = 1;
  await w.timers.pass(200);
  expect(w.player.transport).toBe('webrtc');
  expect(FakeHls.last.destroyed).toBe(true);
  w.video.presents();
  expect(w.told.at(-1)).toMatchObject({ state: 'playing', transport: 'webrtc' });
  w.player.close();
  await w.session.close();
  expect(w.timers.pending).toBe(0);
});

test('a second connection that brings nothing is given up, and HLS plays on', async () => {
  const w = await makeWorld({}, (node) => {
    node.answers[WHEP] = () => refuse('WEBRTC_FULL');
  });
  w.node.answers[WHEP] = () => answer(201, 'v=0 answer', { location: '/v1/whep/77' });
  await until(w, () => w.node.count(WHEP) === 2);
  FakePeer.last.ice('connected');
  await w.plays(15_000);
  expect(FakePeer.last.closed).toBe(true);
  expect(w.node.count('DELETE /v1/whep/77')).toBe(1);
  expect(w.states().at(-1)).toBe('hls playing');
  await until(w, () => w.node.count(WHEP) === 3);
  w.player.close();
  expect(FakePeer.last.closed).toBe(true);
  await w.session.close();
  expect(w.timers.pending).toBe(0);
});

test('a second connection that is refused leaves the picture of HLS alone', async () => {
  const w = await makeWorld({}, (node) => {
    node.answers[WHEP] = () => refuse('WEBRTC_FULL');
  });
  await w.plays(1000);
  const { loads } = w.video;
  await until(w, () => w.node.count(WHEP) === 2);
  await w.plays(1000);
  expect(w.video.loads).toBe(loads);
});

test('a camera whose pictures WebRTC cannot carry any more is not asked for by WebRTC again', async () => {
  const w = await makeWorld({}, (node) => {
    node.answers[WHEP] = () => refuse('WEBRTC_FULL');
  });
  w.node.answers[WHEP] = () => refuse('CODEC_UNSUPPORTED');
  await until(w, () => w.node.count(WHEP) === 2);
  await w.plays(300_000);
  expect([w.node.count(WHEP), w.states().at(-1)]).toEqual([2, 'hls playing']);
});

test('closed by its owner on hearing that WebRTC takes over: the second connection is not left behind', async () => {
  const w = await makeWorld(
    {
      onState: ({ transport, state }) => {
        if (transport === 'webrtc' && state === 'stalled') w.player.close();
      },
    },
    (node) => {
      node.answers[WHEP] = () => refuse('WEBRTC_FULL');
    },
  );
  w.node.answers[WHEP] = () => answer(201, 'v=0 answer', { location: '/v1/whep/77' });
  await until(w, () => w.node.count(WHEP) === 2);
  FakePeer.last.packets = 1;
  await w.timers.pass(200);
  expect(w.player.transport).toBe('webrtc');
  expect(FakePeer.last.closed).toBe(true);
  expect(w.node.count('DELETE /v1/whep/77')).toBe(1);
  await w.session.close();
  expect(w.timers.pending).toBe(0);
});
