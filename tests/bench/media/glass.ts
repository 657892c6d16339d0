/** From the camera's clock to the screen of a Chromium, through the product's own player; and how often the picture stood. */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { MediaNode } from '../../harness/media/node.ts';
import { startClockCamera } from '../../harness/media/source.ts';
import { freePorts } from '../../harness/ports.ts';
import { until } from '../../harness/until.ts';
import { percentile } from '../report.ts';
import { ffmpegHls } from './cameras.ts';
import { Janus } from './janus.ts';
import type { Case, Figures } from './measure.ts';
import { startNginx } from './nginx.ts';
import { Screen } from './screen.ts';

const MEASURED_MS = 20_000;
/** Until buffers and clocks have settled. */
const SETTLE_MS = 8000;

export const glassWebRtc: Case = {
  name: 'glass-webrtc',
  systems: { shouwang: () => ours('webrtc'), janus },
  ratios: { peer: 'janus', metrics: ['glass_ms_p50', 'glass_ms_p95'] },
};

export const glassLlHls: Case = {
  name: 'glass-llhls',
  systems: { shouwang: () => ours('hls'), 'ffmpeg-nginx': hls },
  ratios: { peer: 'ffmpeg-nginx', metrics: ['glass_ms_p50', 'glass_ms_p95'] },
};

async function ours(prefer: 'webrtc' | 'hls'): Promise<Figures> {
  const camera = await startClockCamera();
  const screen = await Screen.opens();
  const node = await MediaNode.starts({ urls: camera.urls, origins: [screen.origin] });
  try {
    await screen.shouwang({ token: node.grant('cam-1'), mediaUrl: node.url, cameraId: 'cam-1' }, prefer);
    const figures = await watch(screen);
    const transport = await screen.transport();
    if (transport !== prefer) throw new Error(`it plays by ${transport}, not by ${prefer}`);
    return figures;
  } finally {
    await screen.closes();
    await node.stops();
    await camera.stops();
  }
}

async function janus(): Promise<Figures> {
  const ports = await freePorts(1);
  const camera = await startClockCamera(ports[0]);
  const server = await Janus.starts(ports);
  const screen = await Screen.opens();
  try {
    const { offer, answers } = await server.offers(1);
    await answers(await screen.janus(offer));
    return await watch(screen);
  } finally {
    await screen.closes();
    await server.stops();
    await camera.stops();
  }
}

async function hls(): Promise<Figures> {
  const camera = await startClockCamera();
  const server = await startNginx();
  const dir = join(server.root, 'hls');
  mkdirSync(dir);
  const ffmpeg = ffmpegHls(camera.urls[0]!, dir);
  const screen = await Screen.opens();
  try {
    const url = `${server.url}/hls/index.m3u8`;
    await until('ffmpeg has a playlist', async () => (await fetch(url)).ok, 60_000);
    await screen.hls(url);
    return await watch(screen);
  } finally {
    await screen.closes();
    await ffmpeg.stops();
    await server.stops();
    await camera.stops();
  }
}

/** Once on the machine as it is, and once with something else on every core. */
async function watch(screen: Screen): Promise<Figures> {
  await screen.firstPicture();
  await sleep(SETTLE_MS);
  const quiet = await look(screen);
  const others = cpus().map(() => burner());
  try {
    const busy = await look(screen);
    return { ...quiet, ...Object.fromEntries(Object.entries(busy).map(([name, value]) => [`busy_${name}`, value])) };
  } finally {
    for (const other of others) other.kill('SIGKILL');
  }
}

async function look(screen: Screen): Promise<Figures> {
  const { glassMs, stalls } = await screen.watch(MEASURED_MS);
  return { glass_ms_p50: percentile(glassMs, 50), glass_ms_p95: percentile(glassMs, 95), pictures: glassMs.length, stalls };
}

/** A process that does nothing but keep a core busy, and not for ever. */
function burner(): ChildProcess {
  const script = `const end = Date.now() + ${MEASURED_MS * 2}; while (Date.now() < end);`;
  return spawn(process.execPath, ['-e', script], { stdio: 'ignore' });
}
