import { expect, test } from 'vitest';
import { createPlayer } from './player.ts';
import { answer, FakeHls, FakePeer, refuse } from './testing/fakes.ts';
import { makeWorld } from './testing/world.ts';

const WHEP = 'POST /v1/cameras/gate/whep';

test('WebRTC comes first: the answer is applied, frames make it play, the picture time is now', async () => {
  const w = await makeWorld();
  expect(FakePeer.last.transceivers).toEqual([['video', { direction: 'recvonly' }]]);
  expect(FakePeer.last.remote).toBe('v=0 answer');
  expect(w.player.pictureTime()).toBeUndefined();
  w.video.presents();
  expect(w.states()).toEqual(['webrtc connecting', 'webrtc playing']);
  expect(w.player.pictureTime()).toBe(w.timers.now());
  expect(w.video.muted).toBe(true);
});

test('STUN and TURN servers that the answer names are there before candidates are gathered', async () => {
  const link = '<stun:stun.test>; rel="ice-server", <turn:turn.test>; rel="ice-server"; username="u"; credential="c"';
  await makeWorld({}, (node) => {
    node.answers[WHEP] = () => answer(201, 'v=0 answer', { location: '/v1/whep/77', link });
  });
  expect(FakePeer.last.iceServers).toEqual([{ urls: 'stun:stun.test' }, { urls: 'turn:turn.test', username: 'u', credential: 'c' }]);
  expect(FakePeer.last.sets).toEqual(['configuration', 'local', 'remote']);
});

test('closing ends the WHEP resource and the timers, and leaves the session to its owner', async () => {
  const w = await makeWorld();
  w.video.presents();
  w.player.close();
  await w.timers.pass(0);
  expect(FakePeer.last.closed).toBe(true);
  expect(w.node.count('DELETE /v1/whep/77')).toBe(1);
  expect(w.session.ended).toBeUndefined();
  await w.session.close();
  expect(w.timers.pending).toBe(0);
});

test('WHEP refused: HLS at once, without a word to the viewer', async () => {
  const w = await makeWorld({}, (node) => {
    node.answers[WHEP] = () => refuse('WHEP_REFUSED');
  });
  expect(FakeHls.last.source).toBe('http://media.test/v1/cameras/gate/hls/index.m3u8?can=h264');
  w.video.presents();
  expect(w.states()).toEqual(['webrtc connecting', 'webrtc connecting WHEP_REFUSED', 'hls connecting', 'hls playing']);
});

test('a box without WebRTC starts with HLS', async () => {
  const w = await makeWorld({ deps: { PeerConnection: null } });
  expect(w.player.transport).toBe('hls');
  expect(w.node.count(WHEP)).toBe(0);
});

test('WebRTC that brings no frame in 3 s gives way to HLS', async () => {
  const w = await makeWorld();
  await w.timers.pass(2800);
  expect(w.player.transport).toBe('webrtc');
  await w.timers.pass(400);
  expect(w.player.transport).toBe('hls');
  expect(FakePeer.last.closed).toBe(true);
});

test('a relay whose answer brings no picture track gives way to HLS', async () => {
  class Trackless extends FakePeer {
    override async setRemoteDescription() {}
  }
  const w = await makeWorld({ deps: { PeerConnection: Trackless as never } });
  await w.timers.pass(6000);
  expect(w.player.transport).toBe('hls');
});

test('closed by its owner when it says that it stalls: nothing runs on', async () => {
  const owner: { close?: () => void } = {};
  const w = await makeWorld({ onState: ({ state }) => state === 'stalled' && owner.close?.() });
  owner.close = () => w.player.close();
  await w.plays(1000);
  FakePeer.last.ice('failed');
  await w.session.close();
  await w.timers.pass(10_000);
  expect(FakeHls.made.length).toBe(0);
  expect(w.timers.pending).toBe(0);
});

test('a relay that does not answer the offer gives way to HLS', async () => {
  const w = await makeWorld({}, (node) => {
    node.answers[WHEP] = () => new TypeError('network');
  });
  expect(w.player.transport).toBe('hls');
});

test('ICE failing in the middle: HLS at once, stalled meanwhile', async () => {
  const w = await makeWorld();
  await w.plays(1000);
  FakePeer.last.ice('failed');
  await w.timers.pass(0);
  w.video.presents();
  expect(w.states().slice(2)).toEqual(['webrtc stalled TIMEOUT', 'hls stalled', 'hls playing']);
});

test('a path that comes back within 3 s is kept', async () => {
  const w = await makeWorld();
  await w.plays(1000);
  FakePeer.last.ice('disconnected');
  await w.plays(1000);
  FakePeer.last.ice('connected');
  await w.plays(6000);
  expect(w.player.transport).toBe('webrtc');
});

test('a frozen WebRTC picture is called stalled, keeps its time, and gives way to HLS', async () => {
  const w = await makeWorld();
  await w.plays(1000);
  const last = w.timers.now();
  await w.timers.pass(4000);
  expect(w.player.state).toBe('stalled');
  expect(w.player.pictureTime()).toBe(last);
  await w.timers.pass(4000);
  expect(w.player.transport).toBe('hls');
});

test('a position that goes on without frames deceives nobody', async () => {
  const w = await makeWorld();
  await w.plays(1000);
  for (let i = 0; i < 8; i++) {
    w.video.currentTime += 1;
    await w.timers.pass(1000);
  }
  expect(w.player.transport).toBe('hls');
});

test('a closed player leaves nothing waiting at the element, whether a frame had come or not', async () => {
  const w = await makeWorld();
  expect(w.video.awaiting).toBe(1);
  w.player.close();
  expect(w.video.awaiting).toBe(0);
  const moving = await makeWorld();
  await moving.plays(1000);
  moving.player.close();
  expect(moving.video.awaiting).toBe(0);
});

test('a box that only knows the position is watched by that', async () => {
  const w = await makeWorld({ prefer: 'hls', deps: { PeerConnection: null } });
  const box = w.video as unknown as Record<string, unknown>;
  box.requestVideoFrameCallback = undefined;
  box.getVideoPlaybackQuality = undefined;
  w.player.close();
  const told: string[] = [];
  createPlayer({
    video: w.video.element,
    session: w.session,
    prefer: 'hls',
    onState: (s) => told.push(s.state),
    deps: { timers: w.timers, PeerConnection: null, loadHls: FakeHls.load },
  });
  w.video.readyState = 4;
  for (let i = 0; i < 5; i++) {
    w.video.currentTime += 1;
    await w.timers.pass(1000);
  }
  expect(told).toEqual(['connecting', 'playing']);
  await w.timers.pass(6000);
  expect(told).toContain('stalled');
});

test('the bearer goes to the session’s own node only', async () => {
  await makeWorld({ prefer: 'hls' });
  const set: string[] = [];
  const xhr = { readyState: 0, open: () => set.push('open'), setRequestHeader: (n: string, v: string) => set.push(`${n}: ${v}`) };
  FakeHls.last.config.xhrSetup(xhr, 'http://elsewhere.test/1.m4s');
  expect(set).toEqual([]);
  FakeHls.last.config.xhrSetup(xhr, 'http://media.test/v1/cameras/gate/hls/e/1.m4s');
  expect(set).toEqual(['open', 'Authorization: Bearer secret']);
});

test('the picture time of HLS is the programme’s date', async () => {
  const w = await makeWorld({ prefer: 'hls' });
  FakeHls.last.playingDate = new Date(1764000000500);
  w.video.presents();
  expect(w.player.pictureTime()).toBe(1764000000500);
});

test('after a stall in HLS playback goes on behind the live edge, once something new has come', async () => {
  const w = await makeWorld({ prefer: 'hls' });
  await w.plays(1000);
  const before = w.video.currentTime;
  FakeHls.last.error({ fatal: false, type: 'mediaError', details: 'bufferStalledError' });
  expect(w.video.currentTime).toBe(before);
  FakeHls.last.emit('hlsFragBuffered', {});
  expect(w.video.currentTime).toBe(42);
  FakeHls.last.liveSyncPosition = 43;
  FakeHls.last.emit('hlsFragBuffered', {});
  expect(w.video.currentTime).toBe(42);
});

test('HLS is shown a little faster while it is farther from the live edge than it need be', async () => {
  const w = await makeWorld({ prefer: 'hls' });
  await w.plays(1000);
  const hls = FakeHls.last;
  hls.latestLevelDetails = { partHoldBack: 0.6 };
  hls.latency = 2;
  const arrives = () => hls.emit('hlsFragBuffered', { part: { start: w.video.currentTime + 0.8 } });
  arrives();
  expect(w.video.playbackRate).toBe(1.1);
  hls.latency = hls.targetLatency;
  arrives();
  expect(w.video.playbackRate).toBe(1);
  w.player.close();
  expect(w.video.playbackRate).toBe(1);
});

test('a frozen HLS picture is nudged, reloaded, and at last opened anew', async () => {
  const w = await makeWorld({ prefer: 'hls', deps: { PeerConnection: null } });
  await w.plays(1000);
  const first = FakeHls.last;
  first.liveSyncPosition = null;
  await w.timers.pass(6000);
  expect(first.startLoads).toBeGreaterThan(0);
  await w.timers.pass(10_000);
  expect(first.destroyed).toBe(true);
  expect(FakeHls.made.length).toBe(2);
  w.video.presents();
  expect(w.player.state).toBe('playing');
});

test('fatal media errors are recovered twice, then the stream is opened anew', async () => {
  const w = await makeWorld({ prefer: 'hls', deps: { PeerConnection: null } });
  await w.plays(1000);
  const first = FakeHls.last;
  for (let i = 0; i < 3; i++) first.error({ fatal: true, type: 'mediaError', details: 'bufferAppendError' });
  expect(first.recoveries).toBe(2);
  await w.timers.pass(600);
  expect(first.destroyed).toBe(true);
  expect(FakeHls.made.length).toBe(2);
});

test('a lost part is loaded again, a lost playlist means opening anew', async () => {
  const w = await makeWorld({ prefer: 'hls', deps: { PeerConnection: null } });
  await w.plays(1000);
  const first = FakeHls.last;
  first.error({ fatal: true, details: 'fragLoadError' });
  expect(first.startLoads).toBe(1);
  first.error({ fatal: true, details: 'levelLoadError', response: { code: 404 } });
  await w.timers.pass(600);
  expect(FakeHls.made.length).toBe(2);
});

test('a camera that is away is tried again for as long as it takes, often enough to be back within 5 s, and said to be', async () => {
  const w = await makeWorld({}, (node) => {
    node.answers[WHEP] = () => refuse('CAMERA_OFFLINE');
  });
  await w.timers.pass(60_000);
  expect(w.node.count(WHEP)).toBeGreaterThan(35);
  expect(w.player.state).toBe('connecting');
  expect(w.told.at(-1)).toMatchObject({ state: 'connecting' });
  expect(w.told.filter((t) => t.code === 'CAMERA_OFFLINE').length).toBeGreaterThan(35);
  expect(FakeHls.made.length).toBe(0);
});

test('a camera that goes away under a WebRTC picture is said to be away; the path is kept and goes on by itself', async () => {
  const w = await makeWorld();
  await w.plays(1000);
  w.node.answers['GET /v1/cameras/gate/state'] = () => answer(200, { phase: 'down', code: 'CAMERA_OFFLINE', webrtcPaths: 1 });
  await w.timers.pass(30_000);
  expect(w.told.at(-1)).toEqual({ state: 'stalled', transport: 'webrtc', code: 'CAMERA_OFFLINE' });
  expect(FakePeer.made.length).toBe(1);
  w.video.presents();
  expect(w.told.at(-1)).toEqual({ state: 'playing', transport: 'webrtc', code: undefined });
});

test('a camera that goes away under an HLS picture is said to be away; the stream is kept', async () => {
  const w = await makeWorld({ prefer: 'hls' });
  await w.plays(1000);
  w.node.answers['GET /v1/cameras/gate/state'] = () => answer(200, { phase: 'silent', webrtcPaths: 0 });
  await w.timers.pass(30_000);
  expect(w.told.at(-1)).toEqual({ state: 'stalled', transport: 'hls', code: 'CAMERA_OFFLINE' });
  expect(FakeHls.made.length).toBe(1);
});

test('a path that the relay no longer has is opened anew at the first stall', async () => {
  const w = await makeWorld();
  await w.plays(1000);
  const first = FakePeer.last;
  w.node.answers['GET /v1/cameras/gate/state'] = () => answer(200, { phase: 'live', webrtcPaths: 0 });
  await w.timers.pass(4000);
  expect(first.closed).toBe(true);
  expect(w.node.count(WHEP)).toBe(2);
  w.video.presents();
  expect(w.told.at(-1)).toMatchObject({ state: 'playing', transport: 'webrtc' });
  expect(FakeHls.made.length).toBe(0);
});

test('a small element asks for the sub-stream', async () => {
  const w = await makeWorld({ quality: 'sub' });
  expect(w.node.count(`${WHEP}?quality=sub`)).toBe(1);
});

test('a session that the node ended is failed with what the node said, and nothing runs on', async () => {
  const w = await makeWorld();
  await w.plays(1000);
  w.node.answers['POST /v1/sessions/current/renew'] = () => refuse('GRANT_REVOKED');
  await w.plays(20_000);
  expect(w.states().at(-1)).toBe('webrtc failed GRANT_REVOKED');
  expect(w.timers.pending).toBe(0);
});

test('HLS answered with 401 ends the session too', async () => {
  const w = await makeWorld({ prefer: 'hls' });
  FakeHls.last.error({ fatal: false, response: { code: 401 } });
  expect(w.states().at(-1)).toBe('hls failed SESSION_INVALID');
  expect(w.session.ended).toBe('SESSION_INVALID');
});

test('where neither transport can carry the codec it is said once, and nothing runs on', async () => {
  FakeHls.supported = false;
  const w = await makeWorld({}, (node) => {
    node.answers[WHEP] = () => refuse('CODEC_UNSUPPORTED');
  });
  FakeHls.supported = true;
  await w.timers.pass(600);
  expect(w.states().at(-1)).toBe('hls failed CODEC_UNSUPPORTED');
  await w.session.close();
  expect(w.timers.pending).toBe(0);
});

test('closed while hls.js is still loading: nothing opens', async () => {
  let arrive: (module: never) => void = () => undefined;
  const w = await makeWorld({ prefer: 'hls', deps: { loadHls: () => new Promise((resolve) => (arrive = resolve as never)) } });
  const module = await FakeHls.load();
  w.player.close();
  arrive(module as never);
  await w.timers.pass(10_000);
  expect(FakeHls.made.length).toBe(0);
});
