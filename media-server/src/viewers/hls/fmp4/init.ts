/** The CMAF header (ISO/IEC 23000-19, 7.3.1): one H.264 track, nothing but its description. */
import type { VideoTrack } from '../../../ingest/access-unit.ts';
import { parseSps } from '../../../ingest/h264/sps.ts';
import { ascii, box, fullBox, UNITY_MATRIX, u8, u16, u32 } from './box.ts';

export const TIMESCALE = 90_000;
export const TRACK_ID = 1;

/** Throws RangeError where the SPS is broken. */
export function initSegment(track: VideoTrack): Buffer {
  const { width, height } = parseSps(track.sps);
  return Buffer.concat([
    box('ftyp', ascii('iso6'), u32(0), ascii('iso6'), ascii('cmfc'), ascii('mp41')),
    box('moov', mvhd(), trak(track, width, height), box('mvex', fullBox('trex', 0, 0, u32(TRACK_ID, 1, 0, 0, 0)))),
  ]);
}

function mvhd(): Buffer {
  return fullBox(
    'mvhd',
    0,
    0,
    u32(0, 0, TIMESCALE, 0, 0x10000),
    u16(0x0100, 0),
    u32(0, 0),
    UNITY_MATRIX,
    u32(0, 0, 0, 0, 0, 0, TRACK_ID + 1),
  );
}

function trak(track: VideoTrack, width: number, height: number): Buffer {
  const tkhd = fullBox('tkhd', 0, 3, u32(0, 0, TRACK_ID, 0, 0, 0, 0), u16(0, 0, 0, 0), UNITY_MATRIX, u32(width * 65536, height * 65536));
  const mdhd = fullBox('mdhd', 0, 0, u32(0, 0, TIMESCALE, 0), u16(0x55c4, 0));
  const hdlr = fullBox('hdlr', 0, 0, u32(0), ascii('vide'), u32(0, 0, 0), ascii('video\0'));
  const dinf = box('dinf', fullBox('dref', 0, 0, u32(1), fullBox('url ', 0, 1)));
  const stbl = box(
    'stbl',
    fullBox('stsd', 0, 0, u32(1), avc1(track, width, height)),
    fullBox('stts', 0, 0, u32(0)),
    fullBox('stsc', 0, 0, u32(0)),
    fullBox('stsz', 0, 0, u32(0, 0)),
    fullBox('stco', 0, 0, u32(0)),
  );
  const minf = box('minf', fullBox('vmhd', 0, 1, u16(0, 0, 0, 0)), dinf, stbl);
  return box('trak', tkhd, box('mdia', mdhd, hdlr, minf));
}

/** ISO/IEC 14496-15, 5.4.2. */
function avc1(track: VideoTrack, width: number, height: number): Buffer {
  return box(
    'avc1',
    u8(0, 0, 0, 0, 0, 0),
    u16(1, 0, 0, 0, 0, 0, 0, 0, 0),
    u16(width, height),
    u32(0x480000, 0x480000, 0),
    u16(1),
    Buffer.alloc(32),
    u16(24, 0xffff),
    box('avcC', avcConfig(track)),
  );
}

/** AVCDecoderConfigurationRecord (ISO/IEC 14496-15, 5.3.3.1), lengths of four bytes. */
function avcConfig({ sps, pps }: VideoTrack): Buffer {
  const profile = sps[1]!;
  const parts = [u8(1, profile, sps[2]!, sps[3]!, 0xff, 0xe1), u16(sps.length), sps, u8(pps.length)];
  for (const p of pps) parts.push(u16(p.length), p);
  // High profiles add chroma format and bit depths; cameras send 4:2:0 in 8 bits.
  if (profile === 100 || profile === 110 || profile === 122) parts.push(u8(0xfd, 0xf8, 0xf8, 0));
  return Buffer.concat(parts);
}
