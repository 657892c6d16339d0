/** What a WebRTC viewer of one 4 Mbit/s camera costs the server, until a core is full. */
import { setTimeout as sleep } from 'node:timers/promises';
import { mediaPaths } from '@shouwang/protocol';
import { MediaNode } from '../../harness/media/node.ts';
import { startFarm } from '../../harness/media/source.ts';
import type { SrtpReceiver } from '../../harness/media/srtp-receiver.ts';
import { WhepViewer } from '../../harness/media/whep-viewer.ts';
import { freePorts } from '../../harness/ports.ts';
import type { Viewer } from '../../harness/viewer.ts';
import { Janus } from './janus.ts';
import { type Case, climb, corePercent, type Figures, type Load, viewerFigures } from './measure.ts';

const STEPS = [10, 30, 60, 90, 120];
const MEASURED_MS = 10_000;
const SETTLE_MS = 3000;
const RENEW_MS = 15_000;
/** What the camera sends, bytes a second, with RTP's and SRTP's headers on it. */
const EXPECTED = (4_000_000 / 8) * 1.02;
/** A viewer with less, or with more packets lost, is not served whole. */
const ENOUGH = 0.9;
const MAX_LOSS = 0.005;

export const viewersWebRtc: Case = {
  name: 'viewer-webrtc',
  systems: { shouwang: ours, janus },
  ratios: { peer: 'janus', metrics: ['core_percent_per_viewer', 'viewers_at_full_core'] },
};

async function ours(): Promise<Figures> {
  const farm = await startFarm(1);
  const node = await MediaNode.starts({ urls: farm.urls });
  const sessions: Viewer[] = [];
  const renewing = setInterval(() => {
    for (const session of sessions) void session.asks('POST', mediaPaths.renew).catch(() => undefined);
  }, RENEW_MS);
  try {
    return await measure([node.pid], async () => {
      const session = await node.admits('cam-1');
      sessions.push(session);
      return (await WhepViewer.watches(session, 'cam-1')).receiver;
    });
  } finally {
    clearInterval(renewing);
    await node.stops();
    await farm.stops();
  }
}

async function janus(): Promise<Figures> {
  const ports = await freePorts(1);
  const farm = await startFarm(1, ports);
  const server = await Janus.starts(ports);
  try {
    return await measure([server.peer.pid], () => server.watched(1));
  } finally {
    await server.stops();
    await farm.stops();
  }
}

/** The first viewer is there from the beginning: the camera's own cost is not the viewers'. */
async function measure(pids: readonly number[], joins: () => Promise<SrtpReceiver>): Promise<Figures> {
  const receivers = [await joins()];
  try {
    await sleep(SETTLE_MS);
    const one = await corePercent(pids, MEASURED_MS);
    const loads = await climb(STEPS, async (viewers) => {
      try {
        while (receivers.length < viewers + 1) receivers.push(await joins());
      } catch (error) {
        // Who is not let in gets less than the camera sends.
        console.log(`    ${receivers.length - 1} viewers are in, the next one is not: ${(error as Error).message}`);
        return { viewers: receivers.length - 1, percent: await corePercent(pids, MEASURED_MS), whole: false };
      }
      await sleep(SETTLE_MS);
      return load(pids, receivers);
    });
    return viewerFigures(one, loads);
  } finally {
    for (const receiver of receivers) receiver.close();
  }
}

async function load(pids: readonly number[], receivers: readonly SrtpReceiver[]): Promise<Load> {
  const before = receivers.map(({ bytes, packets, lost }) => ({ bytes, packets, lost }));
  const startedAt = performance.now();
  const percent = await corePercent(pids, MEASURED_MS);
  const seconds = (performance.now() - startedAt) / 1000;
  const whole = receivers.every((r, i) => {
    const was = before[i]!;
    return (r.bytes - was.bytes) / seconds >= EXPECTED * ENOUGH && r.lost - was.lost <= MAX_LOSS * (r.packets - was.packets);
  });
  return { viewers: receivers.length - 1, percent, whole };
}
