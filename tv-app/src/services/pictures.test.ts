import { beforeEach, describe, expect, it } from 'vitest';
import { FakeMedia, fakeVideo, grantAll } from '../testing/fake-media.ts';
import { FakeBridge } from '../testing/fake-socket.ts';
import { ManualClock, settle } from '../testing/manual-clock.ts';
import { stateWith, T0 } from '../testing/states.ts';
import { BridgeLink } from './bridge-link.ts';
import { LiveView } from './live-view.ts';
import { StillStore } from './still-store.ts';
import { WallStills } from './wall-stills.ts';

let bridge: FakeBridge;
let clock: ManualClock;
let link: BridgeLink;
let media: FakeMedia;
beforeEach(async () => {
  bridge = new FakeBridge(stateWith());
  bridge.results = { grants: grantAll };
  clock = new ManualClock(T0);
  link = new BridgeLink({ fetchToken: bridge.fetchToken, openSocket: bridge.openSocket, clock, random: () => 0.5 });
  media = new FakeMedia();
  link.start();
  await settle();
});

describe('the stills of the wall', () => {
  const six = ['a', 'b', 'c', 'd', 'e', 'f'];
  let store: StillStore;
  let wall: WallStills;
  beforeEach(() => {
    store = new StillStore();
    wall = new WallStills({ link, media, store, clock, onChange: () => {} });
  });

  it('asks once for all, then shows each camera about every five seconds, taking turns', async () => {
    wall.show(six);
    await clock.passes(1_000);
    expect(bridge.called('grants')).toEqual([{ cameraIds: six, reason: 'wall' }]);
    expect(new Set(media.loads)).toEqual(new Set(six));
    media.loads.length = 0;
    await clock.passes(30_000);
    for (const id of six) expect(media.loads.filter((l) => l === id)).toHaveLength(6);
  });

  it('keeps the picture’s own time', async () => {
    media.pictureAt = T0 - 60_000;
    wall.show(['a']);
    await clock.passes(1_000);
    expect(store.get('a')?.pictureAt).toBe(T0 - 60_000);
  });

  it('leaving the wall ends the sessions and the asking; the last picture stays', async () => {
    wall.show(six);
    await clock.passes(1_000);
    wall.show([]);
    media.loads.length = 0;
    await clock.passes(30_000);
    expect(media.open).toEqual([]);
    expect(media.loads).toEqual([]);
    expect(store.get('a')).toBeDefined();
    expect(clock.pending).toBe(1); // the link's heartbeat
  });

  it('a session that the node has ended is got anew', async () => {
    wall.show(['a']);
    await clock.passes(1_000);
    media.sessions[0]!.ended = 'SESSION_INVALID';
    media.refuse.still = 'SESSION_INVALID';
    await clock.passes(5_000);
    media.refuse = {};
    await clock.passes(5_000);
    expect(media.sessions).toHaveLength(2);
    expect(wall.problem('a')).toBeUndefined();
  });

  it('a camera that is refused is asked about again a minute later, and does not hold up the others', async () => {
    bridge.results = {
      grants: (p: unknown) => ({
        grants: grantAll(p).grants.filter((g) => g.cameraId !== 'b'),
        refused: [{ cameraId: 'b', code: 'CAMERA_NOT_GRANTED' }],
      }),
    };
    wall.show(['a', 'b']);
    await clock.passes(10_000);
    expect(wall.problem('b')).toBe('CAMERA_NOT_GRANTED');
    expect(store.get('a')).toBeDefined();
    expect(bridge.called('grants')).toHaveLength(1);
    await clock.passes(60_000);
    expect(bridge.called('grants')).toHaveLength(2);
  });

  it('a still that never comes does not stop the next ones', async () => {
    wall.show(['a']);
    await clock.passes(1_000);
    const good = media.loadStill;
    media.loadStill = () => new Promise(() => {});
    await clock.passes(20_000);
    expect(wall.problem('a')).toBe('TIMEOUT');
    media.loadStill = good;
    await clock.passes(15_000);
    expect(wall.problem('a')).toBeUndefined();
  });

  it('without the centre it waits and comes back', async () => {
    bridge.results = { grants: new Error('OFFLINE') };
    wall.show(['a']);
    await clock.passes(10_000);
    expect(wall.problem('a')).toBe('OFFLINE');
    bridge.results = { grants: grantAll };
    await clock.passes(5_000);
    expect(store.get('a')).toBeDefined();
  });

  it('lets go of pictures that are no longer shown', async () => {
    wall.show(['a']);
    await clock.passes(31_000);
    expect(media.released).toBe(media.loads.length - 2);
  });
});

describe('one camera, live', () => {
  const setUp = () => {
    const { video, plays } = fakeVideo();
    const live = new LiveView({ link, media, video, clock, random: () => 0.5, onChange: () => {} });
    /** Frames for so long, ten a second. */
    const playsFor = async (ms: number) => {
      for (let t = 0; t < ms; t += 100) {
        plays();
        const player = media.players[media.players.length - 1]!;
        player.time = clock.now();
        await clock.passes(100);
      }
    };
    const player = () => media.players[media.players.length - 1]!;
    return { live, playsFor, plays, player };
  };

  it('grant to watch, session, player; live when frames come', async () => {
    const { live, playsFor, player } = setUp();
    live.open('lane');
    await clock.passes(10);
    expect(bridge.called('grants')).toEqual([{ cameraIds: ['lane'], reason: 'watch' }]);
    player().options.onState({ state: 'playing', transport: 'webrtc' });
    expect(live.advancing).toBe(false);
    await playsFor(1_000);
    expect(live).toMatchObject({ advancing: true, hasPicture: true, transport: 'webrtc' });
    expect(live.pictureAt).toBeGreaterThan(T0);
  });

  it('frames that stop are noticed within two seconds, even while the player still says playing', async () => {
    const { live, playsFor, player } = setUp();
    live.open('lane');
    await clock.passes(10);
    player().options.onState({ state: 'playing', transport: 'webrtc' });
    await playsFor(2_000);
    await clock.passes(2_000);
    expect(live).toMatchObject({ advancing: false, hasPicture: true, transport: undefined });
  });

  it('pictures replayed from the buffer are not live', async () => {
    const { live, playsFor, plays, player } = setUp();
    live.open('lane');
    await clock.passes(10);
    player().options.onState({ state: 'playing', transport: 'hls' });
    await playsFor(3_000);
    for (let i = 0; i < 40; i++) {
      plays();
      player().time = T0 + (i % 10) * 100;
      await clock.passes(100);
    }
    expect(live.advancing).toBe(false);
  });

  it('going on to the neighbour closes what was open; passing quickly over several opens only the last', async () => {
    const { live } = setUp();
    live.open('a');
    await clock.passes(10);
    live.open('b');
    await clock.passes(50);
    live.open('c');
    await clock.passes(300);
    expect(media.open).toEqual(['c']);
    expect(media.players.map((p) => p.closed)).toEqual([true, false]);
    expect(bridge.called('grants').map((p) => (p as { cameraIds: string[] }).cameraIds[0])).toEqual(['a', 'c']);
  });

  it('a failed player keeps its last picture and its time, and everything is tried again', async () => {
    const { live, playsFor, player } = setUp();
    live.open('lane');
    await clock.passes(10);
    player().options.onState({ state: 'playing', transport: 'webrtc' });
    await playsFor(1_000);
    const first = player();
    first.options.onState({ state: 'failed', transport: 'webrtc', code: 'SESSION_INVALID' });
    expect(live).toMatchObject({ phase: 'failed', code: 'SESSION_INVALID', hasPicture: true, pictureAt: first.time });
    await clock.passes(1_500);
    expect(media.players).toHaveLength(2);
    expect(media.open).toEqual(['lane']);
  });

  it('a refused grant is said, and asked for again', async () => {
    const { live } = setUp();
    bridge.results = { grants: { grants: [], refused: [{ cameraId: 'lane', code: 'CAMERA_NOT_GRANTED' }] } };
    live.open('lane');
    await clock.passes(10);
    expect(live).toMatchObject({ phase: 'failed', code: 'CAMERA_NOT_GRANTED' });
    bridge.results = { grants: grantAll };
    await clock.passes(6_000);
    expect(media.players).toHaveLength(1);
  });

  it('a session that opens after the viewer has left is closed at once', async () => {
    const { live } = setUp();
    live.open('lane');
    await clock.passes(0);
    live.close();
    await clock.passes(100);
    expect(media.open).toEqual([]);
    expect(media.players.every((p) => p.closed)).toBe(true);
  });
});
