/** The picture flow Ⓐ–Ⓒ on a real TV page with the sample cameras. */
import { afterEach, expect, it } from 'vitest';
import { TV_1080, TvScreen } from '../harness/tv-screen.ts';
import { until } from '../harness/until.ts';
import { startWorld, type World } from '../harness/world.ts';

let world: World;
let tv: TvScreen;
afterEach(async () => {
  await tv?.turnsOff();
  await world?.ends();
});

/** A box whose browser has neither Media Source Extensions nor WebRTC, but a player of its own. */
const OWN_PLAYER_ONLY = `
  for (const name of ['MediaSource', 'WebKitMediaSource', 'ManagedMediaSource', 'RTCPeerConnection', 'webkitRTCPeerConnection'])
    delete window[name];
`;
/** Where the sample cameras burn in their clock. */
const CLOCK = { x: 0, y: 0, w: 1, h: 0.14 };

async function sixStills(): Promise<void> {
  await tv.shows(
    'six stills',
    async () => {
      const tiles = await tv.tiles();
      if (tiles.filter((t) => t.stillAt > 0).length !== 6) throw new Error(JSON.stringify(tiles));
      return true;
    },
    60_000,
  );
}

async function plays(transport: string): Promise<void> {
  await tv.shows(
    `a live picture by ${transport}`,
    async () => (await tv.read('data-transport')) === transport && (await tv.read('data-picture')) === 'live',
    30_000,
  );
  const first = await tv.video(CLOCK);
  expect(first.width).toBe(640);
  await until('frames advance', async () => (await tv.video(CLOCK)).time > first.time + 2, 20_000);
  await until('the clock in the picture changes', async () => (await tv.video(CLOCK)).print !== first.print, 20_000);
}

it('a camera plays on the TV by WHEP; left and right change to the neighbour; an alarm carries the camera', {
  timeout: 180_000,
}, async () => {
  world = await startWorld({ pictures: true });
  await world.box();
  const operator = await world.operator();
  tv = await new TvScreen().turnsOn(world.tvUrl());
  await sixStills();
  expect(
    (await tv.tiles()).map((t) => t.id),
    'nearest first',
  ).toEqual(['gate', 'lane', 'square', 'clinic', 'school', 'river-road']);

  const mark = () => tv.page.locator('[data-mark]').allTextContents();
  expect(await mark(), 'the viewer’s mark is over the wall').toEqual([expect.stringMatching(/^box-0001 /)]);

  await tv.presses('Enter');
  await plays('webrtc');
  expect(await tv.read('data-camera')).toBe('gate');
  expect(await mark(), 'and over the picture').toEqual([expect.stringMatching(/^box-0001 \d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/)]);
  await tv.presses('ArrowRight');
  await tv.shows('the neighbour', async () => (await tv.read('data-camera')) === 'lane');
  await plays('webrtc');

  const pressedAround = Date.now();
  const alarmId = await tv.holdsAlarmKey();
  await tv.showsStep('received');
  const view = await operator.findsCase(alarmId);
  expect(view.onScreen?.cameraId).toBe('lane');
  expect(Math.abs((view.onScreen?.pictureAt ?? 0) - pressedAround)).toBeLessThan(15_000);
  const detail = await operator.case(view.caseNo);
  expect(detail.cameras[0]?.id, 'the camera on the caller’s screen comes first').toBe('lane');

  await until('the views are in the ledger', async () => {
    const rows = await operator.ledger();
    const views = rows.filter((r) => r.kind.startsWith('view'));
    return views.some((r) => r.kind.includes('start')) && views.some((r) => r.kind.includes('end'));
  });
});

it('WebRTC refused, the same camera plays by HLS', { timeout: 180_000 }, async () => {
  world = await startWorld({ pictures: true, mediaEnv: { SHOUWANG_MEDIA_WEBRTC_MAX_MBIT: '0' } });
  await world.box();
  tv = await new TvScreen().turnsOn(world.tvUrl());
  await sixStills();
  await tv.presses('Enter');
  await plays('hls');
});

it('on a box without MSE and WebRTC its own player plays the camera, and its neighbour', { timeout: 240_000 }, async () => {
  world = await startWorld({ pictures: true });
  await world.box();
  tv = await new TvScreen().turnsOn(world.tvUrl(), TV_1080, OWN_PLAYER_ONLY);
  await sixStills();
  // A page may not read such a picture back: it is another origin's. What was decoded and shown is counted.
  const played = () =>
    tv.page.evaluate(() => {
      const video = document.querySelector('video');
      return { from: video?.currentSrc ?? '', width: video?.videoWidth, frames: video?.getVideoPlaybackQuality().totalVideoFrames ?? 0 };
    });
  const playsItself = async (camera: string) => {
    await tv.shows(
      `${camera} by the box’s player`,
      async () =>
        (await tv.read('data-camera')) === camera &&
        (await tv.read('data-transport')) === 'hls' &&
        (await tv.read('data-picture')) === 'live',
      60_000,
    );
    const first = await played();
    expect([new URL(first.from).pathname.split('/').slice(-3).join('/'), first.width]).toEqual([`${camera}/hls/ts.m3u8`, 640]);
    await until('frames advance', async () => (await played()).frames > first.frames + 25, 30_000);
  };
  await tv.presses('Enter');
  await playsItself('gate');
  await tv.presses('ArrowRight');
  await playsItself('lane');
});
