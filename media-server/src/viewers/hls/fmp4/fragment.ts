/** A CMAF chunk (ISO/IEC 23000-19, 7.3.2.3): moof and mdat for some consecutive pictures, and the sound that goes with them. */
import { LENGTH_BYTES } from '../../../ingest/video/picture-memory.ts';
import { box, boxHead, fullBox, u32, u64 } from './box.ts';
import { AUDIO_TRACK_ID, TRACK_ID } from './init.ts';

export interface Sample {
  nals: readonly Buffer[];
  /** As in `AccessUnit`. */
  framed?: boolean | undefined;
  key: boolean;
  /** Decode time, 90 kHz, from the beginning of the stream epoch. */
  dts: number;
  /** Presentation minus decode time. */
  offset: number;
  duration: number;
}

/** Consecutive AAC frames. */
export interface Sound {
  frames: readonly Buffer[];
  /** Of the first frame, in samples of the sampling rate from the beginning of the stream epoch. */
  dts: number;
}

/** Samples of one AAC-LC frame (ISO/IEC 14496-3, 4.5.1.1). */
export const AAC_FRAME = 1024;

/** `sample_flags` (ISO/IEC 14496-12, 8.8.3.1): depends on nobody; or depends on others and is no sync sample. */
const KEY_FLAGS = 0x02000000;
const OTHER_FLAGS = 0x01010000;
/** data-offset, duration, size, flags and composition offset present (8.8.8). */
const TRUN_FLAGS = 0x000001 | 0x000100 | 0x000200 | 0x000400 | 0x000800;
/** data-offset and size present: the rest is the same for all sound. */
const SOUND_TRUN_FLAGS = 0x000001 | 0x000200;
/** default-base-is-moof (8.8.7). */
const TFHD_FLAGS = 0x020000;
/** default duration and flags present as well. */
const SOUND_TFHD_FLAGS = TFHD_FLAGS | 0x000008 | 0x000020;

/** `sequence` counts fragments from 1. `samples` is not empty. */
export function fragment(sequence: number, samples: readonly Sample[], sound?: Sound | undefined): Buffer {
  return Buffer.concat(fragmentPieces(sequence, samples, sound));
}

/** The same in pieces, of which the pictures are views of where they lie already. */
export function fragmentPieces(sequence: number, samples: readonly Sample[], sound?: Sound | undefined): Buffer[] {
  const sizes = samples.map((s) => s.nals.reduce((sum, n) => sum + LENGTH_BYTES + n.length, 0));
  const pictureBytes = sizes.reduce((sum, s) => sum + s, 0);
  const frames = sound?.frames ?? [];
  const head = (dataOffset: number) =>
    box(
      'moof',
      fullBox('mfhd', 0, 0, u32(sequence)),
      box(
        'traf',
        fullBox('tfhd', 0, TFHD_FLAGS, u32(TRACK_ID)),
        fullBox('tfdt', 1, 0, u64(samples[0]!.dts)),
        // Version 1: offsets are signed.
        fullBox('trun', 1, TRUN_FLAGS, u32(samples.length, dataOffset), table(samples, sizes)),
      ),
      frames.length > 0 ? soundTraf(frames, sound!.dts, dataOffset + pictureBytes) : [],
    );
  const moof = head(head(0).length + 8);
  const soundBytes = frames.reduce((sum, f) => sum + f.length, 0);
  const front = Buffer.concat([moof, boxHead('mdat', pictureBytes + soundBytes)]);
  return [front, ...joined(samples.flatMap(framedNals)), ...(soundBytes > 0 ? [Buffer.concat(frames)] : [])];
}

/** NAL units behind their lengths (ISO/IEC 14496-15, 5.3.3.1). */
function framedNals({ nals, framed }: Sample): Buffer[] {
  if (framed) return nals.map((n) => Buffer.from(n.buffer, n.byteOffset - LENGTH_BYTES, LENGTH_BYTES + n.length));
  return [Buffer.concat(nals.flatMap((n) => [u32(n.length), n]))];
}

/** Views that lie end to end in memory are one. */
function joined(views: readonly Buffer[]): Buffer[] {
  const out: Buffer[] = [];
  for (const view of views) {
    const last = out.at(-1);
    if (last && last.buffer === view.buffer && last.byteOffset + last.length === view.byteOffset)
      out[out.length - 1] = Buffer.from(view.buffer, last.byteOffset, last.length + view.length);
    else out.push(view);
  }
  return out;
}

function table(samples: readonly Sample[], sizes: readonly number[]): Buffer {
  return u32(...samples.flatMap((s, i) => [s.duration, sizes[i]!, s.key ? KEY_FLAGS : OTHER_FLAGS, s.offset]));
}

function soundTraf(frames: readonly Buffer[], dts: number, dataOffset: number): Buffer {
  return box(
    'traf',
    fullBox('tfhd', 0, SOUND_TFHD_FLAGS, u32(AUDIO_TRACK_ID, AAC_FRAME, KEY_FLAGS)),
    fullBox('tfdt', 1, 0, u64(dts)),
    fullBox('trun', 0, SOUND_TRUN_FLAGS, u32(frames.length, dataOffset, ...frames.map((f) => f.length))),
  );
}
