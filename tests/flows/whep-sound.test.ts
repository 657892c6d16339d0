/** The sound of a camera that nobody watched before by WebRTC, as a receiver that is not ours hears it. */
import { mediaPaths } from '@shouwang/protocol';
import { afterEach, expect, it } from 'vitest';
import { MediaNode } from '../harness/media/node.ts';
import { Peer } from '../harness/peer.ts';
import { until } from '../harness/until.ts';

let camera: Peer | undefined;
let node: MediaNode | undefined;
let viewer: Peer | undefined;
let renewing: NodeJS.Timeout | undefined;
afterEach(async () => {
  clearInterval(renewing);
  await viewer?.stops();
  await node?.stops();
  await camera?.stops();
  [camera, node, viewer] = [undefined, undefined, undefined];
});

it.each([
  ['AAC, as Opus', 'aac', 48_000],
  ['G.711, as it is', 'pcma', 8000],
] as const)('%s', { timeout: 180_000 }, async (_what, audio, rate) => {
  camera = new Peer('gst-rtsp-server.py', ['--audio', audio, '--size', '320x240', '--fps', '15', '--gop', '15', '--kbit', '300']);
  const { url } = await camera.says('url');
  node = await MediaNode.starts({ urls: [String(url)] });
  const session = await node.admits('cam-1');
  renewing = setInterval(() => void session.asks('POST', mediaPaths.renew).catch(() => undefined), 15_000);
  const args = [node.url + mediaPaths.whep('cam-1'), '--sound', '--pictures', '1000000', '--seconds', '3600'];
  viewer = new Peer('aiortc-whep.py', args, { SESSION: session.session });
  expect((await viewer.says('status', 60_000)).status).toBe(201);
  await until('seconds of sound', () => viewer!.said.filter((s) => Number(s.loudest) > 500).length >= 3, 90_000);
  expect(viewer.said.findLast((s) => 'sound' in s)).toMatchObject({ rate });
});
