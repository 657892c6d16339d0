/** The CMAF header (ISO/IEC 23000-19, 7.3.1): the track of pictures, and of sound where there is some; nothing but their description. */
import type { VideoTrack } from '../../../ingest/access-unit.ts';
import type { LaneTrack } from '../audio-lane.ts';
import { describeVideo } from '../codecs.ts';
import { ascii, box, fullBox, UNITY_MATRIX, u16, u32 } from './box.ts';
import { mp4a, videoEntry } from './sample-entry.ts';

export const TIMESCALE = 90_000;
export const TRACK_ID = 1;
export const AUDIO_TRACK_ID = 2;

/** Throws RangeError where the SPS is broken. */
export function initSegment(track: VideoTrack, sound?: LaneTrack | undefined): Buffer {
  const { width, height } = describeVideo(track);
  const traks = [videoTrak(track, width, height), ...(sound ? [audioTrak(sound)] : [])];
  const ids = sound ? [TRACK_ID, AUDIO_TRACK_ID] : [TRACK_ID];
  const trexs = ids.map((id) => fullBox('trex', 0, 0, u32(id, 1, 0, 0, 0)));
  return Buffer.concat([
    box('ftyp', ascii('iso6'), u32(0), ascii('iso6'), ascii('cmfc'), ascii('mp41')),
    box('moov', mvhd(ids.length + 1), traks, box('mvex', trexs)),
  ]);
}

function mvhd(nextTrackId: number): Buffer {
  return fullBox(
    'mvhd',
    0,
    0,
    u32(0, 0, TIMESCALE, 0, 0x10000),
    u16(0x0100, 0),
    u32(0, 0),
    UNITY_MATRIX,
    u32(0, 0, 0, 0, 0, 0, nextTrackId),
  );
}

function videoTrak(track: VideoTrack, width: number, height: number): Buffer {
  const tkhd = fullBox('tkhd', 0, 3, u32(0, 0, TRACK_ID, 0, 0, 0, 0), u16(0, 0, 0, 0), UNITY_MATRIX, u32(width * 65536, height * 65536));
  const media = { timescale: TIMESCALE, handler: 'vide', name: 'video\0', header: fullBox('vmhd', 0, 1, u16(0, 0, 0, 0)) };
  return box('trak', tkhd, mdia(media, videoEntry(track)));
}

function audioTrak(sound: LaneTrack): Buffer {
  // Volume 1.0, alternate group 1.
  const tkhd = fullBox('tkhd', 0, 3, u32(0, 0, AUDIO_TRACK_ID, 0, 0, 0, 0), u16(0, 1, 0x0100, 0), UNITY_MATRIX, u32(0, 0));
  const media = { timescale: sound.sampleRate, handler: 'soun', name: 'sound\0', header: fullBox('smhd', 0, 0, u16(0, 0)) };
  return box('trak', tkhd, mdia(media, mp4a(sound)));
}

interface Media {
  timescale: number;
  handler: string;
  name: string;
  header: Buffer;
}

function mdia({ timescale, handler, name, header }: Media, entry: Buffer): Buffer {
  const mdhd = fullBox('mdhd', 0, 0, u32(0, 0, timescale, 0), u16(0x55c4, 0));
  const hdlr = fullBox('hdlr', 0, 0, u32(0), ascii(handler), u32(0, 0, 0), ascii(name));
  const dinf = box('dinf', fullBox('dref', 0, 0, u32(1), fullBox('url ', 0, 1)));
  const stbl = box(
    'stbl',
    fullBox('stsd', 0, 0, u32(1), entry),
    fullBox('stts', 0, 0, u32(0)),
    fullBox('stsc', 0, 0, u32(0)),
    fullBox('stsz', 0, 0, u32(0, 0)),
    fullBox('stco', 0, 0, u32(0)),
  );
  return box('mdia', mdhd, hdlr, box('minf', header, dinf, stbl));
}
