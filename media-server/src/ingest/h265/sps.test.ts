import { expect, test } from 'vitest';
import { codecString265, parseSps265 } from './sps.ts';

// From streams that x265 wrote.
const HD = Buffer.from('420101016000000300900000030000030078a003c08010e596566924caf016808000000300800000030284', 'hex');
const SMALL = Buffer.from('42010101600000030090000003000003003ca00b480d1f265959a4932bc05a020000030002000003000a10', 'hex');

test('a sequence parameter set gives its size after cropping, its level and its reordering', () => {
  expect(parseSps265(HD)).toMatchObject({ width: 1920, height: 1080, profile: 1, tier: 0, level: 120, chromaFormat: 1, bitDepthLuma: 8 });
  expect(parseSps265(SMALL)).toMatchObject({ width: 360, height: 202, level: 60, subLayers: 1, temporalIdNested: true });
  expect(parseSps265(HD).reorderFrames).toBeGreaterThan(0);
});

test('the codec string is as players want it', () => {
  expect(codecString265(HD)).toBe('hvc1.1.6.L120.90');
});

test('cut anywhere it throws RangeError and never hangs', () => {
  for (let n = 2; n < HD.length; n++) {
    try {
      parseSps265(HD.subarray(0, n));
    } catch (error) {
      expect(error).toBeInstanceOf(RangeError);
    }
  }
  expect(() => parseSps265(HD.subarray(0, 20))).toThrow(RangeError);
});
