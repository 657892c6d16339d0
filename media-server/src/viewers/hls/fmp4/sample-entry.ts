/** What a track holds: sample entries with the decoder's configuration. */
import type { VideoTrack } from '../../../ingest/access-unit.ts';
import { parseSps265 } from '../../../ingest/h265/sps.ts';
import type { LaneTrack } from '../audio-lane.ts';
import { describeVideo } from '../codecs.ts';
import { box, fullBox, u8, u16, u32 } from './box.ts';

/** `avc1` (ISO/IEC 14496-15, 5.4.2) or `hvc1` (8.4.1): parameter sets here, and not among the pictures. */
export function videoEntry(track: VideoTrack): Buffer {
  const { width, height } = describeVideo(track);
  return box(
    track.codec === 'h265' ? 'hvc1' : 'avc1',
    u8(0, 0, 0, 0, 0, 0),
    u16(1, 0, 0, 0, 0, 0, 0, 0, 0),
    u16(width, height),
    u32(0x480000, 0x480000, 0),
    u16(1),
    Buffer.alloc(32),
    u16(24, 0xffff),
    track.codec === 'h265' ? box('hvcC', hevcConfig(track)) : box('avcC', avcConfig(track)),
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

/** nal_unit_type of the parameter sets (ITU-T H.265, table 7-1). */
const HEVC_SETS = { vps: 32, sps: 33, pps: 34 };

/** HEVCDecoderConfigurationRecord (ISO/IEC 14496-15, 8.3.3.1), lengths of four bytes. */
function hevcConfig({ vps, sps, pps }: VideoTrack): Buffer {
  const s = parseSps265(sps);
  const head = [
    u8(1),
    u8((s.profileSpace << 6) | (s.tier << 5) | s.profile),
    u32(s.compatibility),
    s.constraints,
    u8(s.level),
    // min_spatial_segmentation 0, parallelismType unknown, chroma, bit depths, no average frame rate.
    u16(0xf000),
    u8(0xfc, 0xfc | s.chromaFormat, 0xf8 | (s.bitDepthLuma - 8), 0xf8 | (s.bitDepthChroma - 8)),
    u16(0),
    // constantFrameRate unknown, temporal layers, temporal id nesting, lengths of four bytes.
    u8((s.subLayers << 3) | (s.temporalIdNested ? 4 : 0) | 3),
  ];
  const arrays: [number, readonly Buffer[]][] = [
    [HEVC_SETS.vps, vps],
    [HEVC_SETS.sps, [sps]],
    [HEVC_SETS.pps, pps],
  ];
  head.push(u8(arrays.length));
  for (const [type, sets] of arrays) {
    // array_completeness: all of them are here.
    head.push(u8(0x80 | type), u16(sets.length));
    for (const set of sets) head.push(u16(set.length), set);
  }
  return Buffer.concat(head);
}

/** `mp4a` with an ES_Descriptor (ISO/IEC 14496-14, 5.6; 14496-1, 7.2.6.5). */
export function mp4a({ channels, sampleRate, config }: LaneTrack): Buffer {
  const specific = descriptor(0x05, config);
  // objectTypeIndication 0x40 (MPEG-4 audio), streamType 5 (audio); buffer and bit rates unknown.
  const decoder = descriptor(0x04, u8(0x40, 0x15, 0, 0, 0), u32(0, 0), specific);
  const es = descriptor(0x03, u16(2), u8(0), decoder, descriptor(0x06, u8(2)));
  return box(
    'mp4a',
    u8(0, 0, 0, 0, 0, 0),
    u16(1, 0, 0, 0, 0, channels, 16, 0, 0),
    // 16.16; higher rates than that are in the configuration alone.
    u32(sampleRate <= 0xffff ? sampleRate * 65536 : 0),
    fullBox('esds', 0, 0, es),
  );
}

function descriptor(tag: number, ...content: Buffer[]): Buffer {
  const body = Buffer.concat(content);
  return Buffer.concat([u8(tag, body.length), body]);
}
