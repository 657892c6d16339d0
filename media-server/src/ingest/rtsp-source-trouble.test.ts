import { describe, expect, test, vi } from 'vitest';
import { pictures } from '../testing/h264-video.ts';
import { pulledCamera } from '../testing/pulled-camera.ts';
import type { RtspPeer } from '../testing/rtsp-peer.ts';

const t = pulledCamera();
const { camera, playing, showing, down, shown, health, downs } = t;

describe('trouble', () => {
  test('a connection that breaks is made again after a wait, with a new run', async () => {
    await camera();
    await playing();
    t.peer.sends(...pictures('IPP'));
    await showing(3);
    t.peer.hangsUp();
    await down(1);
    expect(downs[0]).toMatchObject({ error: { code: 'CAMERA_OFFLINE' }, retryInMs: 500 });
    t.clock.passes(500);
    await vi.waitFor(() => expect(t.peer.methods.filter((m) => m === 'PLAY')).toHaveLength(2));
    t.peer.changesSender(0x9999);
    t.peer.sends(...pictures('IP'));
    await showing(5);
    expect(shown[3]!.track.run).toBeGreaterThan(shown[2]!.track.run);
  });

  test.each([
    ['cannot be reached is tried often enough to be back within 5 s', '503 Service Unavailable', [500, 1000, 2000, 2000, 2000, 2000, 2000]],
    ['has nothing at its path, as one that is starting, is tried as often', '404 Not Found', [500, 1000, 2000, 2000, 2000, 2000, 2000]],
    ['says no is tried ever less often', '403 Forbidden', [500, 1000, 2000, 4000, 8000, 15_000, 15_000]],
  ])('a camera that %s', async (_what, status, waits) => {
    await camera({ answer: () => `RTSP/1.0 ${status}\r\n\r\n` });
    for (let tries = 1; tries <= 7; tries++) {
      await down(tries);
      t.clock.passes(downs.at(-1)!.retryInMs);
    }
    expect(downs.slice(0, 7).map((d) => d.retryInMs)).toEqual(waits);
  });

  test('a camera that has gone silent is taken for dead', async () => {
    await camera();
    await playing();
    t.peer.sends(...pictures('I'));
    await showing(1);
    t.clock.passes(10_000);
    await down(1);
    expect(downs[0]?.error.detail).toMatch(/sends nothing/);
    // It may serve no further session than this one.
    expect(t.peer.methods.at(-1)).toBe('TEARDOWN');
  });

  test('a camera that answers nothing any more, either, is waited for no longer than a second', async () => {
    await camera();
    await playing();
    t.peer.sends(...pictures('I'));
    await showing(1);
    for (const s of t.peer.sockets) s.pause();
    t.clock.passes(10_000);
    expect(downs).toEqual([]);
    t.clock.passes(1000);
    await down(1);
    expect(downs[0]?.phase).toBe('silent');
  });

  test('an answer that is still to come is waited for', async () => {
    await camera({
      answer: ({ method, headers }, peer) => {
        if (method === 'DESCRIBE') peer.raw(Buffer.from(`RTSP/1.0 100 Continue\r\nCSeq: ${headers.cseq}\r\n\r\n`));
        return undefined;
      },
    });
    await playing();
    t.peer.sends(...pictures('I'));
    await showing(1);
    expect(downs).toEqual([]);
  });

  test('a camera that accepts and never answers is given up', async () => {
    await camera({ answer: ({ method }) => (method === 'DESCRIBE' ? 'RTSP/1.0 100 Trying\r\nX: y' : undefined) });
    await vi.waitFor(() => expect(t.peer.methods).toContain('DESCRIBE'));
    t.clock.passes(5000);
    await down(1);
    expect(downs[0]?.error.detail).toMatch(/no answer to DESCRIBE/);
  });

  test('a camera with pictures of another kind says so', async () => {
    await camera({ media: ['m=video 0 RTP/AVP 96', 'a=rtpmap:96 MP4V-ES/90000', 'a=control:t'] });
    await down(1);
    expect(downs[0]).toMatchObject({ error: { code: 'CODEC_UNSUPPORTED' }, phase: 'refused' });
  });

  test('a camera that goes silent is called so, and no longer when it goes on', async () => {
    await camera();
    await playing();
    t.peer.sends(...pictures('I'));
    await showing(1);
    t.clock.passes(4000);
    expect(health).toEqual([{ phase: 'silent', detail: 'connected, and nothing comes' }]);
    t.peer.sends(...pictures('P', { from: 1 }));
    await showing(2);
    expect(health.at(-1)).toEqual({ phase: 'live' });
    t.clock.passes(10_000);
    await down(1);
    expect(downs[0]?.phase).toBe('silent');
  });

  test.each([
    ['401 Unauthorized', 'refuses the user name or password', 'refused'],
    ['404 Not Found', 'nothing at this path', 'refused'],
    ['453 Not Enough Bandwidth', 'no further viewer', 'refused'],
    ['500 Internal Server Error', 'answers DESCRIBE with 500', 'down'],
  ])('a camera that answers %s is told apart from one that is away', async (status, detail, phase) => {
    await camera({ answer: ({ method }) => (method === 'DESCRIBE' ? `RTSP/1.0 ${status}\r\n\r\n` : undefined) });
    await down(1);
    expect(downs[0]).toMatchObject({ phase, error: { detail: expect.stringContaining(detail) } });
  });

  test('a camera whose packets get lost is degraded, and live again when they do not', async () => {
    await camera();
    await playing();
    const packets = t.peer.packets(...pictures('IPPPPPPPPPIPPPPPPPPP'));
    for (const [i, p] of packets.entries()) if (i % 5 !== 2) t.peer.frame(0, p);
    await vi.waitFor(() => expect(t.source.counters.lost).toBeGreaterThan(3));
    t.clock.passes(1000);
    t.peer.sends(...pictures('IP', { from: 20 }));
    await vi.waitFor(() => expect(shown.at(-1)?.ticks).toBe(21 * 3600));
    for (let i = 0; i < 5; i++) {
      t.peer.sends(...pictures('IP', { from: 22 + 2 * i }));
      await vi.waitFor(() => expect(shown.at(-1)?.ticks).toBe((23 + 2 * i) * 3600));
      t.clock.passes(2000);
    }
    expect(health.map((h) => h.phase)).toEqual(['degraded', 'live']);
    expect(health[0]?.detail).toMatch(/^\d+ % of the packets/);
  });

  const strange = (p: Buffer) => Buffer.from(p).fill((p[1]! & 0x80) | 97, 1, 2);
  test.each([
    ['packets of another payload type than it announced', 'I', strange],
    ['no key frame', 'P', (p: Buffer) => p],
  ])('a camera that sends %s is called silent within 25 s, and no longer when pictures come', async (_what, kind, made) => {
    await camera();
    await playing();
    for (let i = 0; i < 10; i++) {
      const packetsBefore = t.source.counters.packets;
      for (const p of t.peer.packets(...pictures(kind, { from: i }))) t.peer.frame(0, made(p));
      await vi.waitFor(() => expect(t.source.counters.packets).toBeGreaterThan(packetsBefore));
      t.clock.passes(2500);
    }
    expect(health).toEqual([{ phase: 'silent', detail: 'packets come, but no picture that can be decoded' }]);
    t.peer.sends(...pictures('IP', { from: 10 }));
    await showing(2);
    t.clock.passes(2500);
    t.peer.sends(...pictures('P', { from: 12 }));
    await showing(3);
    t.clock.passes(2500);
    expect(health.at(-1)).toEqual({ phase: 'live' });
    expect(downs).toEqual([]);
  });

  test('a camera that ends its stream by BYE is asked again', async () => {
    await camera();
    await playing();
    t.peer.sends(...pictures('I'));
    await showing(1);
    t.peer.frame(1, Buffer.from('81cb000100001234', 'hex'));
    await down(1);
    expect(downs[0]?.error.detail).toBe('the camera has ended the stream');
  });

  test('stopped while it connects, it tries no more', async () => {
    await camera({ answer: () => 'RTSP/1.0 503 x\r\n\r\n' });
    await t.source.stop();
    expect(t.clock.pending()).toEqual([]);
    expect(downs).toEqual([]);
  });

  test.each([
    ['cut packets', (p: RtspPeer) => p.frame(0, Buffer.from([0x80, 0xe0, 0, 1, 0, 0]))],
    ['packets of another version', (p: RtspPeer) => p.frame(0, Buffer.alloc(40, 0x12))],
    ['bytes between packets', (p: RtspPeer) => p.raw(Buffer.alloc(777, 0xee))],
    ['a stray packet of another sender', (p: RtspPeer) => p.frame(0, Buffer.from('80e0000100000000deadbeef65', 'hex'))],
    ['packets of another payload type', (p: RtspPeer) => p.frame(0, Buffer.from('80480001000000000000123465', 'hex'))],
    ['control packets that are none', (p: RtspPeer) => p.frame(1, Buffer.alloc(9, 0xff))],
  ])('%s do no lasting harm: at the latest the next key frame is shown', async (_what, harm) => {
    await camera();
    await playing();
    t.peer.sends(...pictures('IPP'));
    await showing(3);
    harm(t.peer);
    t.peer.sends(...pictures('PPIP', { from: 3 }));
    await vi.waitFor(() => expect(shown.map((p) => p.ticks / 3600)).toEqual(expect.arrayContaining([0, 1, 2, 5, 6])));
    expect(downs).toEqual([]);
  });

  test('a packet lost on the way costs the pictures up to the next key frame', async () => {
    await camera();
    await playing();
    const packets = t.peer.packets(...pictures('IPPPIP'));
    // The second picture after the first key frame: one packet, and one like it comes after it.
    for (const [i, p] of packets.entries()) if (i !== packets.length - 6) t.peer.frame(0, p);
    await vi.waitFor(() => expect(shown.at(-1)?.ticks).toBe(5 * 3600));
    expect(t.source.counters.lost).toBe(1);
    expect(shown.map((p) => p.ticks / 3600)).toEqual([0, 1, 4, 5]);
  });

  test('a sender that begins anew without a word makes a new run', async () => {
    await camera();
    await playing();
    t.peer.sends(...pictures('IP'));
    await showing(2);
    t.peer.changesSender(0x777);
    t.peer.sends(...pictures('PIP', { from: 900 }));
    await showing(4);
    expect(shown[2]!.track.run).toBeGreaterThan(shown[1]!.track.run);
  });
});
