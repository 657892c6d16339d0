/** What WebRTC's own packets do for a viewer: one that got lost comes again, and pictures ask to be shown when they are decoded. */
import { mediaPaths, PLAYOUT_DELAY } from '@shouwang/protocol';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { MediaNode } from '../harness/media/node.ts';
import { WhepViewer } from '../harness/media/whep-viewer.ts';
import { Peer } from '../harness/peer.ts';
import { until } from '../harness/until.ts';

let camera: Peer;
let node: MediaNode;
beforeAll(async () => {
  camera = new Peer('gst-rtsp-server.py', ['--size', '320x240', '--fps', '15', '--gop', '15', '--kbit', '300']);
  const { url } = await camera.says('url');
  node = await MediaNode.starts({ urls: [String(url)], env: { SHOUWANG_MEDIA_WEBRTC_WORKERS: '2', SHOUWANG_MEDIA_WEBRTC_OWN_FEEDS: '1' } });
});
afterAll(async () => {
  await node?.stops();
  await camera?.stops();
});

it('packets that got lost come again, to a receiver that is not ours', { timeout: 120_000 }, async () => {
  const session = await node.admits('cam-1');
  const args = [node.url + mediaPaths.whep('cam-1'), '--lose', '20', '--pictures', '1000000', '--seconds', '3600'];
  const viewer = new Peer('aiortc-whep.py', args, { SESSION: session.session });
  const renewing = setInterval(() => void session.asks('POST', mediaPaths.renew).catch(() => undefined), 15_000);
  try {
    expect((await viewer.says('status', 60_000)).status).toBe(201);
    await until('ten came again', () => viewer.said.some((s) => Number(s.again) >= 10), 60_000);
  } finally {
    clearInterval(renewing);
    await viewer.stops();
  }
});

it('a viewer who wants pictures in the path of a sound that the camera does not have gets them', { timeout: 120_000 }, async () => {
  const { session } = await node.admits('cam-1');
  const viewer = new Peer('aiortc-whep.py', [node.url + mediaPaths.whep('cam-1'), '--bundle-only', '--pictures', '20'], {
    SESSION: session,
  });
  expect(await viewer.says('pictures', 60_000)).toMatchObject({ pictures: 20 });
  expect(await viewer.ends()).toBe(0);
});

it('viewers who take it are asked to show pictures at once, also those whom the camera reaches through a pipe', {
  timeout: 120_000,
}, async () => {
  const viewers: WhepViewer[] = [];
  try {
    for (let i = 0; i < 3; i++) viewers.push(await WhepViewer.watches(await node.admits('cam-1'), 'cam-1'));
    const asked = await Promise.all(
      viewers.map(
        ({ receiver }) =>
          new Promise<string>((resolve) => {
            receiver.onPacket = (packet) => {
              const value = extension(packet, PLAYOUT_DELAY.id);
              if (value) resolve(value.toString('hex'));
            };
          }),
      ),
    );
    // At once, and 500 ms late at most: twice 12 bits in units of 10 ms.
    expect(asked).toEqual(['000032', '000032', '000032']);
  } finally {
    for (const viewer of viewers) await viewer.leaves();
  }
});

/** A header extension's value (RFC 8285, 4.2 and 4.3). */
function extension(packet: Buffer, id: number): Buffer | undefined {
  if (!(packet[0]! & 0x10)) return undefined;
  const at = 12 + 4 * (packet[0]! & 15);
  const twoBytes = packet.readUInt16BE(at) !== 0xbede;
  const end = at + 4 + 4 * packet.readUInt16BE(at + 2);
  for (let i = at + 4; i < end; ) {
    if (packet[i] === 0) {
      i++;
      continue;
    }
    const found = twoBytes ? packet[i]! : packet[i]! >> 4;
    const length = twoBytes ? packet[i + 1]! : (packet[i]! & 15) + 1;
    const from = i + (twoBytes ? 2 : 1);
    if (found === id) return packet.subarray(from, from + length);
    i = from + length;
  }
  return undefined;
}
