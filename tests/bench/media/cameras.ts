/** What a camera costs that is pulled and kept ready for low-latency HLS: ours in one process, the peer as one ffmpeg each. */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { mediaPaths } from '@shouwang/protocol';
import { type Peer, runPeer } from '../../harness/debian.ts';
import { firstVariant } from '../../harness/media/hls-viewer.ts';
import { MediaNode } from '../../harness/media/node.ts';
import { startFarm } from '../../harness/media/source.ts';
import { endedChildrenCpuSeconds, familyOf, pssBytes } from '../../harness/process-usage.ts';
import { until } from '../../harness/until.ts';
import type { Viewer } from '../../harness/viewer.ts';
import { type Case, corePercent, type Figures } from './measure.ts';

const MEASURED_MS = 20_000;
/** Until all is full that a watched camera keeps: the playlist's window, and the seconds that a clip may begin with (`recorder.ringS`). */
const WARM_UP_MS = 45_000;
/** So many connect at once: a hundred are another case. */
const TOGETHER = 10;
/** Often enough that the node takes them for watched (20 s), and no work to speak of. */
const ASK_EVERY_MS = 8000;

export function camerasCase(cameras: number): Case {
  return {
    name: `camera-${cameras}`,
    systems: { shouwang: () => ours(cameras), 'ffmpeg-nginx': () => ffmpegs(cameras) },
    ratios: { peer: 'ffmpeg-nginx', metrics: ['core_percent_per_camera', 'bytes_per_camera'] },
  };
}

async function ours(cameras: number): Promise<Figures> {
  const farm = await startFarm(cameras);
  const node = await MediaNode.starts({ urls: farm.urls });
  let asking: NodeJS.Timeout | undefined;
  try {
    const idle = pssBytes(familyOf(node.pid));
    const playlists: OpenPlaylist[] = [];
    asking = setInterval(() => {
      for (const open of playlists) void asks(node.url, open).catch(() => undefined);
    }, ASK_EVERY_MS);
    const watches = async (id: string) => {
      const viewer = await node.admits(id);
      playlists.push({ viewer, url: await until(`${id} plays`, () => mediaPlaylist(node.url, viewer, id)) });
    };
    for (let from = 1; from <= cameras; from += TOGETHER)
      await Promise.all(Array.from({ length: Math.min(TOGETHER, cameras - from + 1) }, (_, i) => watches(`cam-${from + i}`)));
    await until('every camera is pulled', async () => (await node.health()).pulled === cameras);
    const childrenBefore = endedChildrenCpuSeconds(node.pid);
    const bytesBefore = await receivedBytes(node);
    const since = performance.now();
    const all = await figures([node.pid], cameras, idle);
    const seconds = (performance.now() - since) / 1000;
    // Pictures that are looked at for black and frozen ones are decoded by processes that come and go.
    const looks = (endedChildrenCpuSeconds(node.pid) - childrenBefore) / seconds;
    // Below what the cameras send, the machine had no time for them, and the rest says nothing.
    const mbit = ((await receivedBytes(node)) - bytesBefore) / seconds / 125_000;
    return { ...all, core_percent_of_looks: looks * 100, mbit_per_camera: mbit / cameras };
  } finally {
    clearInterval(asking);
    await node.stops();
    await farm.stops();
  }
}

async function receivedBytes(node: MediaNode): Promise<number> {
  return (await node.health()).cameras.reduce((sum, c) => sum + c.bytes, 0);
}

interface OpenPlaylist {
  viewer: Viewer;
  url: string;
}

/** The address of the camera's media playlist, which the multivariant one leads to. Throws while there is none. */
async function mediaPlaylist(nodeUrl: string, viewer: Viewer, cameraId: string): Promise<string> {
  const answer = await fetch(nodeUrl + mediaPaths.hls(cameraId), { headers: { authorization: `Bearer ${viewer.session}` } });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`${cameraId}: ${answer.status} ${text}`);
  const variant = firstVariant(text);
  if (!variant) throw new Error(`${cameraId}: no variant in ${text}`);
  return new URL(variant, answer.url).href;
}

/** Keeps the stream going without a picture. */
async function asks(nodeUrl: string, { viewer, url }: OpenPlaylist): Promise<void> {
  await viewer.asks('POST', mediaPaths.renew);
  await viewer.asks('GET', url.slice(nodeUrl.length));
}

async function ffmpegs(cameras: number): Promise<Figures> {
  const farm = await startFarm(cameras);
  const dir = mkdtempSync(join(tmpdir(), 'shouwang-bench-ffmpeg-'));
  const peers: Peer[] = [];
  try {
    for (const [i, url] of farm.urls.entries()) {
      mkdirSync(join(dir, String(i)));
      peers.push(ffmpegHls(url, join(dir, String(i))));
    }
    return await figures(
      peers.map((p) => p.pid),
      cameras,
      0,
    );
  } finally {
    await Promise.all(peers.map((p) => p.stops()));
    await farm.stops();
    rmSync(dir, { recursive: true, force: true });
  }
}

/** One ffmpeg that copies a camera into HLS with segments of two seconds. */
export function ffmpegHls(url: string, dir: string): Peer {
  return runPeer('/', [
    ...[process.env.FFMPEG_BIN || 'ffmpeg', '-hide_banner', '-nostdin', '-loglevel', 'error', '-rtsp_transport', 'tcp', '-i', url],
    ...['-c', 'copy', '-f', 'hls', '-hls_time', '2', '-hls_list_size', '8', '-hls_flags', 'delete_segments+temp_file'],
    ...['-hls_segment_type', 'fmp4', join(dir, 'index.m3u8')],
  ]);
}

async function figures(pids: readonly number[], cameras: number, idleBytes: number): Promise<Figures> {
  await sleep(WARM_UP_MS);
  const percent = await corePercent(pids, MEASURED_MS);
  return {
    core_percent_per_camera: percent / cameras,
    bytes_per_camera: (pssBytes(pids.flatMap(familyOf)) - idleBytes) / cameras,
  };
}
