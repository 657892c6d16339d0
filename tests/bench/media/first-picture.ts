/** From asking for a camera to its first picture in a Chromium: where somebody watches it already, and where nobody does. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { MediaNode } from '../../harness/media/node.ts';
import { startFarm } from '../../harness/media/source.ts';
import { WhepViewer } from '../../harness/media/whep-viewer.ts';
import { freePorts } from '../../harness/ports.ts';
import { until } from '../../harness/until.ts';
import { percentile } from '../report.ts';
import { ffmpegHls } from './cameras.ts';
import { Janus } from './janus.ts';
import type { Case, Figures } from './measure.ts';
import { startNginx } from './nginx.ts';
import { Screen } from './screen.ts';

const TIMES = 9;
/** So many others watch the camera already: the next viewer is the thirtieth. */
const CROWD = 29;
/** Not a multiple of the time between key frames, so that viewers come at every point of it. ms */
const APART_MS = 730;

export const firstPicture: Case = {
  name: 'first-picture',
  systems: { shouwang: ours, janus, 'ffmpeg-nginx': hls },
  ratios: { peer: 'janus', metrics: ['live_ms_p50'] },
};

async function ours(): Promise<Figures> {
  const farm = await startFarm(1);
  const screen = await Screen.opens();
  const node = await MediaNode.starts({ urls: farm.urls, origins: [screen.origin], env: { SHOUWANG_MEDIA_HUB_LINGER_S: '0' } });
  const picture = async () => {
    await screen.shouwang({ token: node.grant('cam-1'), mediaUrl: node.url, cameraId: 'cam-1' }, 'webrtc');
    return screen.firstPicture();
  };
  try {
    const cold = await times(screen, picture, async () => {
      await until('nobody pulls the camera', async () => (await node.health()).pulled === 0);
    });
    const other = await WhepViewer.watches(await node.admits('cam-1'), 'cam-1');
    await until('the other viewer sees it', () => other.receiver.packets > 0);
    const live = await times(screen, picture);
    const others = [other];
    while (others.length < CROWD) others.push(await WhepViewer.watches(await node.admits('cam-1'), 'cam-1'));
    await until('all others see it', () => others.every((o) => o.receiver.packets > 0));
    const crowd = await times(screen, picture);
    for (const o of others) await o.leaves();
    return { live_ms_p50: percentile(live, 50), crowd_ms_p50: percentile(crowd, 50), cold_ms_p50: percentile(cold, 50) };
  } finally {
    await screen.closes();
    await node.stops();
    await farm.stops();
  }
}

/** A mountpoint is always live. */
async function janus(): Promise<Figures> {
  const ports = await freePorts(1);
  const farm = await startFarm(1, ports);
  const server = await Janus.starts(ports);
  const screen = await Screen.opens();
  try {
    const live = await times(screen, async () => {
      const startedAt = performance.now();
      const { offer, answers } = await server.offers(1);
      await answers(await screen.janus(offer));
      await screen.firstPicture();
      return performance.now() - startedAt;
    });
    return { live_ms_p50: percentile(live, 50) };
  } finally {
    await screen.closes();
    await server.stops();
    await farm.stops();
  }
}

/** ffmpeg runs already. */
async function hls(): Promise<Figures> {
  const farm = await startFarm(1);
  const server = await startNginx();
  const dir = join(server.root, 'hls');
  mkdirSync(dir);
  const ffmpeg = ffmpegHls(farm.urls[0]!, dir);
  const screen = await Screen.opens();
  try {
    const url = `${server.url}/hls/index.m3u8`;
    await until('ffmpeg has a playlist', async () => (await fetch(url)).ok, 60_000);
    const live = await times(screen, async () => {
      await screen.hls(url);
      return screen.firstPicture();
    });
    return { live_ms_p50: percentile(live, 50) };
  } finally {
    await screen.closes();
    await ffmpeg.stops();
    await server.stops();
    await farm.stops();
  }
}

/** The first one is for warming up and does not count. */
async function times(
  screen: Screen,
  picture: () => Promise<number>,
  before: () => Promise<void> = async () => undefined,
): Promise<number[]> {
  const all: number[] = [];
  for (let i = 0; i <= TIMES; i++) {
    await before();
    all.push(await picture());
    await screen.stops();
    await sleep(APART_MS);
  }
  return all.slice(1);
}
