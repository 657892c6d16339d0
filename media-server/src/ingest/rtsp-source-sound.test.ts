import { describe, expect, test, vi } from 'vitest';
import { pictures, track } from '../testing/h264-video.ts';
import { pulledCamera } from '../testing/pulled-camera.ts';
import type { PeerOptions } from '../testing/rtsp-peer.ts';
import type { AccessUnit } from './access-unit.ts';

const t = pulledCamera();
const { camera, playing, showing, soundTracks, shown, heard, health } = t;

describe('sound', () => {
  const VIDEO = ['m=video 0 RTP/AVP 96', 'a=rtpmap:96 H264/90000', 'a=control:track1'];
  const PCMA = ['m=audio 0 RTP/AVP 8', 'a=control:track2'];
  const packet = (sequence: number, timestamp: number) => {
    const bytes = Buffer.alloc(12 + 160, 0xd5);
    bytes.set([0x80, 8]);
    bytes.writeUInt16BE(sequence, 2);
    bytes.writeUInt32BE(timestamp, 4);
    bytes.writeUInt32BE(99, 8);
    return bytes;
  };
  const withSets = (p: AccessUnit) => ({ ...p, nals: [track().sps, ...track().pps, ...p.nals] });

  test('lies on the line of the pictures', async () => {
    await camera({ media: [...VIDEO, ...PCMA] });
    await playing();
    expect(t.peer.methods.filter((m) => m === 'SETUP')).toHaveLength(2);
    t.peer.sends(...pictures('I', { from: 1000 }).map(withSets));
    await showing(1);
    t.peer.frame(2, packet(1, 50_000));
    t.peer.frame(2, packet(2, 50_160));
    await vi.waitFor(() => expect(heard).toHaveLength(2));
    expect(heard.map((f) => f.ticks)).toEqual([shown[0]!.ticks, shown[0]!.ticks + 1800]);
    expect(heard[0]).toMatchObject({ track: { codec: 'pcma', sampleRate: 8000 }, pictureAt: t.clock.now() });
  });

  test('is told as soon as the camera has described it, for viewers who are there before the first picture', async () => {
    await camera({ media: [...VIDEO, ...PCMA] });
    await playing();
    expect(soundTracks).toMatchObject([{ codec: 'pcma', sampleRate: 8000, channels: 1 }]);
  });

  test('follows the camera’s own clock where it tells one for both', async () => {
    await camera({ media: [...VIDEO, ...PCMA] });
    await playing();
    const report = (ssrc: number, ms: number, timestamp: number) => {
      const sr = Buffer.alloc(28);
      sr.set([0x80, 200, 0, 6]);
      sr.writeUInt32BE(ssrc, 4);
      sr.writeUInt32BE(Math.floor(ms / 1000) + 2_208_988_800, 8);
      sr.writeUInt32BE(Math.floor(((ms % 1000) / 1000) * 2 ** 32), 12);
      sr.writeUInt32BE(timestamp, 16);
      return sr;
    };
    t.peer.sends(...pictures('I', { from: 1000 }).map(withSets));
    await showing(1);
    t.peer.frame(1, report(0x1234, t.clock.now(), 1000 * 3600));
    // The sound of the same instant is 300 ms late on the way.
    t.peer.frame(3, report(99, t.clock.now(), 52_400));
    t.peer.frame(2, packet(1, 50_000));
    await vi.waitFor(() => expect(heard).toHaveLength(1));
    expect(Math.abs(heard[0]!.ticks - (shown[0]!.ticks - 300 * 90))).toBeLessThan(90);
  });

  test('that cannot be carried is said, and the pictures come', async () => {
    await camera({ media: [...VIDEO, 'm=audio 0 RTP/AVP 97', 'a=rtpmap:97 MP4A-LATM/44100/2', 'a=control:track2'] });
    await playing();
    expect(t.peer.methods.filter((m) => m === 'SETUP')).toHaveLength(1);
    t.peer.sends(...pictures('I').map(withSets));
    await showing(1);
    expect(health).toEqual([{ phase: 'live', detail: 'without sound: the camera’s (MP4A-LATM) cannot be carried' }]);
  });

  test('that the camera does not set up is done without', async () => {
    const answer: PeerOptions['answer'] = ({ uri, method }) =>
      method === 'SETUP' && uri.endsWith('track2') ? 'RTSP/1.0 500 x\r\n\r\n' : undefined;
    await camera({ media: [...VIDEO, ...PCMA], answer });
    await playing();
    t.peer.sends(...pictures('I').map(withSets));
    await showing(1);
    expect(health[0]?.detail).toBe('without sound: the camera does not set it up');
  });
});
