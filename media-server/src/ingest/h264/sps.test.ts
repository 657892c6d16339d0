import { describe, expect, test } from 'vitest';
import { sps } from '../../testing/h264-video.ts';
import { parseSps, profileLevelId } from './sps.ts';

describe('a sequence parameter set', () => {
  test.each([
    // From streams that x264 wrote.
    [
      '1080p, High, cropped, B frames',
      '67640028acd940780227e5c044000003000400000300c83c60c658',
      { width: 1920, height: 1080, profile: 100, reorderFrames: 2 },
    ],
    [
      '320x240, High, no delay',
      '6764000dacb20283f60220000003002000000651e28549',
      { width: 320, height: 240, profile: 100, reorderFrames: 0 },
    ],
    ['640x480, baseline', '6742c01ed900a03db011000003000100000300320f162e48', { width: 640, height: 480, profile: 66, reorderFrames: 0 }],
  ])('of %s is read', (_name, hex, expected) => {
    expect(parseSps(Buffer.from(hex, 'hex'))).toMatchObject(expected);
  });

  test('says how deep pictures are reordered, or that it does not', () => {
    expect(parseSps(sps({ reorderFrames: 2 })).reorderFrames).toBe(2);
    expect(parseSps(sps({})).reorderFrames).toBeUndefined();
    expect(parseSps(sps({ profile: 66 })).reorderFrames).toBe(0);
  });

  test('cut anywhere throws or is read without its hints, and never hangs', () => {
    const whole = sps({ width: 40, height: 30, reorderFrames: 2 });
    for (let n = 0; n < 8; n++) expect(() => parseSps(whole.subarray(0, n))).toThrow(RangeError);
    for (let n = 8; n < whole.length; n++) {
      try {
        parseSps(whole.subarray(0, n));
      } catch (error) {
        expect(error).toBeInstanceOf(RangeError);
      }
    }
  });

  test('gives the six digits that SDP and codec strings use', () => {
    expect(profileLevelId(Buffer.from('6742c01e8c', 'hex'))).toBe('42c01e');
  });
});
