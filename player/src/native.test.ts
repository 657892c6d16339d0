import { expect, test } from 'vitest';
import { answer, FakeHls, type FakeNode, FakeVideo, refuse } from './testing/fakes.ts';
import { makeWorld } from './testing/world.ts';

const TICKET = 'POST /v1/sessions/current/ticket';
const TS = '/v1/t/secret/cameras/gate/hls/ts.m3u8';

/** A box without MSE and WebRTC, whose own player takes playlists. */
async function box(prepare: (node: FakeNode) => void = () => undefined) {
  const video = new FakeVideo();
  video.plays = ['application/vnd.apple.mpegurl'];
  FakeHls.made = [];
  const w = await makeWorld({ video: video.element, deps: { PeerConnection: null } }, (node) => {
    node.answers[TICKET] = () => answer(201, { hls: '', ts: TS });
    prepare(node);
  });
  /** Pictures at 5 a second for `ms`. */
  const plays = async (ms: number) => {
    for (let t = 0; t < ms; t += 200) {
      await w.timers.pass(200);
      video.presents();
    }
  };
  return { ...w, video, plays };
}

test('the box’s own player gets classic HLS with a ticket in its address, and what the box decodes; hls.js is not loaded', async () => {
  const { video, states } = await box();
  expect(video.src).toBe(`http://media.test${TS}?can=h264`);
  expect(video.paused).toBe(false);
  expect(FakeHls.made).toEqual([]);
  video.presents();
  expect(states()).toEqual(['hls connecting', 'hls playing']);
});

test('it has more time for its first picture than hls.js', async () => {
  const { timers, player, states } = await box();
  await timers.pass(20_000);
  expect(states()).toEqual(['hls connecting']);
  await timers.pass(5000);
  expect(states()).toContain('hls connecting TIMEOUT');
  player.close();
});

test('a player that fails at once is explained by the node', async () => {
  const { video, timers, states } = await box((node) => {
    node.answers['GET /v1/cameras/gate/hls/ts.m3u8?can=h264'] = () => refuse('TRANSCODE_BUDGET');
  });
  video.error = { code: 4 };
  video.says('error');
  await timers.pass(0);
  expect(states().at(-1)).toBe('hls connecting TRANSCODE_BUDGET');
});

/** Its player cannot play what the node says is there. */
async function refusing() {
  const w = await box((node) => {
    node.answers['GET /v1/cameras/gate/hls/ts.m3u8?can=h264'] = () => answer(200, '#EXTM3U');
  });
  w.video.error = { code: 4 };
  const refuses = () => {
    w.video.says('error');
    return w.timers.pass(1500);
  };
  return { ...w, refuses };
}

test('a player that wants more than a stream has at its beginning is asked again, and plays', async () => {
  const { video, refuses, node, states } = await refusing();
  video.src = '';
  await refuses();
  expect(video.src).toContain(TS);
  await refuses();
  video.presents();
  expect(states()).toEqual(['hls connecting', 'hls playing']);
  expect(node.count(TICKET)).toBe(1);
});

test('one that still does not play after ten seconds does not take what the node has', async () => {
  const { player, refuses } = await refusing();
  for (let i = 0; i < 7; i++) await refuses();
  expect(player.state).toBe('connecting');
  await refuses();
  expect(player.state).toBe('failed');
});

test('the ten seconds begin when the node has what is asked for: a camera that starts slowly is waited for', async () => {
  const { video, timers, refuses, player } = await refusing();
  await timers.pass(11_000);
  await refuses();
  expect(player.state).toBe('connecting');
  expect(video.src).toContain(TS);
  video.presents();
  expect(player.state).toBe('playing');
});

test('closed while it waits to ask again, it leaves the element alone', async () => {
  const { video, player, timers } = await refusing();
  video.says('error');
  await timers.pass(0);
  player.close();
  await timers.pass(2000);
  expect(video.src).toBe('');
});

test('a stream that ends is begun again, with a new ticket', async () => {
  const { video, timers, node, states } = await box();
  video.presents();
  video.says('playing');
  video.says('ended');
  await timers.pass(5000);
  expect(node.count(TICKET)).toBe(2);
  expect(states()).toContain('hls stalled TIMEOUT');
});

test('a picture that stands is loaded anew once, then given up', async () => {
  const w = await box();
  await w.plays(3000);
  await w.timers.pass(13_000);
  expect(w.player.state).toBe('stalled');
  expect(w.node.count(TICKET)).toBe(1);
  await w.timers.pass(16_000);
  expect(w.node.count(TICKET)).toBe(2);
});

test('closed, it lets go of the element and of its events', async () => {
  const { video, player } = await box();
  player.close();
  expect([video.src, video.listening]).toEqual(['', []]);
});
