/**
 * Real H.264 of a few macroblocks, written by hand: I_PCM key frames, P and B pictures that skip everything. Decoders take it,
 * so what is made of it can be checked with ffprobe, without an encoder.
 */
import type { AccessUnit, VideoTrack } from '../ingest/access-unit.ts';
import { BitWriter } from './bit-writer.ts';

export interface VideoShape {
  /** In macroblocks of 16 pixels. */
  width?: number;
  height?: number;
  /** max_num_reorder_frames to write; left out: no usability information. */
  reorderFrames?: number;
  /** profile_idc; 77 (Main) can have B pictures, 66 (Baseline) not. */
  profile?: number;
}

const LEVEL = 30;

export function sps({ width = 2, height = 2, reorderFrames, profile = 77 }: VideoShape = {}): Buffer {
  const w = new BitWriter().bits(profile, 8).bits(0, 8).bits(LEVEL, 8);
  w.ue(0).ue(4).ue(0).ue(4).ue(2).bit(0);
  w.ue(width - 1).ue(height - 1);
  w.bit(1).bit(1).bit(0);
  if (reorderFrames === undefined) w.bit(0);
  else {
    w.bit(1).bit(0).bit(0).bit(0).bit(0).bit(0).bit(0).bit(0).bit(0);
    w.bit(1).bit(1).ue(0).ue(0).ue(10).ue(10).ue(reorderFrames).ue(2);
  }
  return w.nal(0x67);
}

export function pps(): Buffer {
  return new BitWriter().ue(0).ue(0).bit(0).bit(0).ue(0).ue(0).ue(0).bit(0).bits(0, 2).se(0).se(0).se(0).bit(1).bit(0).bit(0).nal(0x68);
}

/** A key frame of one shade of grey. */
export function idr(shade: number, { width = 2, height = 2 }: VideoShape = {}): Buffer {
  const w = new BitWriter()
    .ue(0)
    .ue(7)
    .ue(0)
    .bits(0, 8)
    .ue(shade & 1)
    .bits(0, 8)
    .bit(0)
    .bit(0)
    .se(0)
    .ue(1);
  for (let mb = 0; mb < width * height; mb++) {
    w.ue(25).alignZero();
    for (let i = 0; i < 256; i++) w.bits(shade, 8);
    for (let i = 0; i < 128; i++) w.bits(128, 8);
  }
  return w.nal(0x65);
}

export function skipP(frameNum: number, poc: number, { width = 2, height = 2 }: VideoShape = {}): Buffer {
  const w = new BitWriter()
    .ue(0)
    .ue(5)
    .ue(0)
    .bits(frameNum & 255, 8)
    .bits(poc & 255, 8);
  return w
    .bit(0)
    .bit(0)
    .bit(0)
    .se(0)
    .ue(1)
    .ue(width * height)
    .nal(0x41);
}

export function skipB(frameNum: number, poc: number, { width = 2, height = 2 }: VideoShape = {}): Buffer {
  const w = new BitWriter()
    .ue(0)
    .ue(6)
    .ue(0)
    .bits(frameNum & 255, 8)
    .bits(poc & 255, 8);
  return w
    .bit(1)
    .bit(0)
    .bit(0)
    .bit(0)
    .se(0)
    .ue(1)
    .ue(width * height)
    .nal(0x01);
}

export function track(run = 1, shape: VideoShape = {}): VideoTrack {
  return { codec: 'h264', vps: [], sps: sps(shape), pps: [pps()], run };
}

export interface StreamOptions {
  track?: VideoTrack;
  shape?: VideoShape;
  /** Index of the first picture on the time line. */
  from?: number;
  /** Pictures a second. */
  fps?: number;
  /** When picture 0 was taken, ms since 1970. */
  startAt?: number;
}

/**
 * Pictures in decoding order by a pattern in order of showing, e.g. `IPPPIPPP` or `IBBPBBP`: each B comes after the I or P that
 * it is shown before.
 */
export function pictures(pattern: string, options: StreamOptions = {}): AccessUnit[] {
  const { shape = {}, from = 0, fps = 25, startAt = 1_790_000_000_000 } = options;
  const t = options.track ?? track(1, shape);
  const step = 90_000 / fps;
  const out: AccessUnit[] = [];
  const made = (kind: string, at: number, nal: Buffer) => {
    const pictureAt = Math.round(startAt + ((from + at) * 1000) / fps);
    out.push({ nals: [nal], key: kind === 'I', ticks: (from + at) * step, pictureAt, arrivedAt: pictureAt, bytes: nal.length, track: t });
  };
  let frameNum = 0;
  let key = 0;
  let waiting: number[] = [];
  for (const [i, kind] of [...pattern].entries()) {
    if (kind === 'B') {
      waiting.push(i);
      continue;
    }
    if (kind === 'I') {
      frameNum = 0;
      key = i;
      made('I', i, idr((from + i) & 255, shape));
    } else made('P', i, skipP(frameNum, (i - key) * 2, shape));
    frameNum++;
    for (const b of waiting) made('B', b, skipB(frameNum, (b - key) * 2, shape));
    waiting = [];
  }
  return out;
}
