/** What the player says when the node refuses HLS. */
import { expect, test } from 'vitest';
import { FakeHls, refuse } from './testing/fakes.ts';
import { makeWorld } from './testing/world.ts';

test.each(['manifestLoadError', 'levelLoadError'])(
  'a node that is full is no broken camera: HLS says what the node said (%s)',
  async (details) => {
    const w = await makeWorld({ prefer: 'hls', deps: { PeerConnection: null } });
    const networkDetails = { responseText: await refuse('TRANSCODE_BUDGET').text() };
    // A struggling node is given room; only a camera's return is looked for every 1.5 s.
    for (const ms of [500, 1000, 2000, 4000, 5000]) {
      const before = FakeHls.made.length;
      FakeHls.last.error({ fatal: true, details, response: { code: 503 }, networkDetails });
      await w.timers.pass(ms - 1);
      expect(w.states().at(-1)).toBe('hls connecting TRANSCODE_BUDGET');
      expect(FakeHls.made.length).toBe(before);
      await w.timers.pass(1);
      expect(FakeHls.made.length).toBe(before + 1);
    }
  },
);

test('what the node said is understood in browsers without Object.hasOwn (Chromium before 93)', async () => {
  const { hasOwn } = Object;
  const w = await makeWorld({ prefer: 'hls', deps: { PeerConnection: null } });
  const networkDetails = { responseText: await refuse('CAMERA_OFFLINE').text() };
  try {
    Object.assign(Object, { hasOwn: undefined });
    FakeHls.last.error({ fatal: true, details: 'manifestLoadError', response: { code: 503 }, networkDetails });
    await w.timers.pass(499);
    expect(w.states().at(-1)).toBe('hls connecting CAMERA_OFFLINE');
  } finally {
    Object.assign(Object, { hasOwn });
  }
});

test('a refusal that cannot be read is told by its status', async () => {
  const w = await makeWorld({ prefer: 'hls', deps: { PeerConnection: null } });
  const networkDetails = {
    get responseText(): string {
      throw new Error('InvalidStateError');
    },
  };
  FakeHls.last.error({ fatal: true, details: 'fragLoadError', response: { code: 404 }, networkDetails });
  await w.timers.pass(0);
  expect(w.states().at(-1)).toBe('hls connecting NOT_FOUND');
});
