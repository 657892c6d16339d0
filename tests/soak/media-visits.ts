/** One viewer's visit to one camera, on the wire. */
import { setTimeout as sleep } from 'node:timers/promises';
import { mediaPaths } from '@shouwang/protocol';
import { HlsViewer } from '../harness/media/hls-viewer.ts';
import type { MediaNode } from '../harness/media/node.ts';
import { WhepViewer } from '../harness/media/whep-viewer.ts';
import { until } from '../harness/until.ts';
import type { Viewer } from '../harness/viewer.ts';

export const KINDS = ['webrtc', 'llhls', 'still'] as const;

export interface Visit {
  kind: (typeof KINDS)[number];
  cameraId: string;
  /** ms from the first picture on; shorter than a session lives, so that nothing is renewed. */
  stayMs: number;
  /** Goes without a word: no DELETE, the session runs out by itself. */
  vanishes: boolean;
}

/** On a busy machine a picture may take its time. */
const PICTURE_MS = 20_000;

/** Gives why there was no picture; undefined where there was. */
export async function visits(node: MediaNode, visit: Visit): Promise<string | undefined> {
  let viewer: Viewer | undefined;
  try {
    viewer = await node.admits(visit.cameraId);
    await WAYS[visit.kind](node, viewer, visit);
    return undefined;
  } catch (error) {
    return (error as Error).message.slice(0, 80);
  } finally {
    if (!visit.vanishes) await viewer?.leaves().catch(() => undefined);
  }
}

const WAYS: Record<Visit['kind'], (node: MediaNode, viewer: Viewer, visit: Visit) => Promise<void>> = {
  async webrtc(_node, viewer, { cameraId, stayMs, vanishes }) {
    const watching = await WhepViewer.watches(viewer, cameraId);
    try {
      await until('packets come', () => watching.receiver.packets > 0, PICTURE_MS, 50);
      await sleep(stayMs);
    } finally {
      if (vanishes) watching.vanishes();
      else await watching.leaves();
    }
  },

  async llhls(node, viewer, { cameraId, stayMs }) {
    const headers = { authorization: `Bearer ${viewer.session}` };
    const watching = new HlsViewer({ base: node.url, path: mediaPaths.hls(cameraId), headers });
    const failed = watching.watches().then(() => new Promise<never>(() => undefined));
    try {
      await Promise.race([failed, until('a part comes', () => watching.parts > 0, PICTURE_MS, 50)]);
      await Promise.race([failed, sleep(stayMs)]);
    } finally {
      failed.catch(() => undefined);
      watching.leaves();
    }
  },

  async still(_node, viewer, { cameraId }) {
    await viewer.still(cameraId);
  },
};
