/** Real H.265, made by ffmpeg: pictures as a camera's source hands them on. */
import { execFileSync } from 'node:child_process';
import type { AccessUnit, VideoTrack } from '../ingest/access-unit.ts';

export interface H265Options {
  width?: number;
  height?: number;
  /** Pictures. */
  count?: number;
  /** From one key frame to the next. */
  gop?: number;
}

/** nal_unit_type (ITU-T H.265, table 7-1). */
const VPS = 32;
const SPS = 33;
const PPS = 34;
const FIRST_KEY = 16;
const LAST_KEY = 21;

/** 25 pictures a second, none reordered. */
export function h265Pictures({ width = 320, height = 240, count = 50, gop = 25 }: H265Options = {}): AccessUnit[] {
  const x265 = `keyint=${gop}:min-keyint=${gop}:scenecut=0:bframes=0:open-gop=0:repeat-headers=1:log-level=none:slices=1:wpp=0:pools=1`;
  const source = `testsrc=size=${width}x${height}:rate=25`;
  const args = ['-v', 'error', '-f', 'lavfi', '-i', source, '-frames:v', String(count), '-pix_fmt', 'yuv420p', '-c:v', 'libx265'];
  const bytes = execFileSync('ffmpeg', [...args, '-preset', 'ultrafast', '-x265-params', x265, '-f', 'hevc', 'pipe:1'], {
    maxBuffer: 1e8,
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const nals = split(bytes);
  const first = (type: number) => nals.find((n) => typeOf(n) === type)!;
  const track: VideoTrack = { codec: 'h265', vps: [first(VPS)], sps: first(SPS), pps: [first(PPS)], run: 1 };
  return nals
    .filter((n) => typeOf(n) < VPS)
    .map((nal, i) => {
      const pictureAt = 1_790_000_000_000 + i * 40;
      const key = typeOf(nal) >= FIRST_KEY && typeOf(nal) <= LAST_KEY;
      return { nals: [nal], key, ticks: i * 3600, pictureAt, arrivedAt: pictureAt, bytes: nal.length, track };
    });
}

function typeOf(nal: Buffer): number {
  return (nal[0]! >> 1) & 0x3f;
}

/** Annex B: start codes of three bytes, with a zero before some. */
function split(bytes: Buffer): Buffer[] {
  const nals: Buffer[] = [];
  let from = -1;
  for (let at = bytes.indexOf('\0\0\x01', 0, 'latin1'); at >= 0; at = bytes.indexOf('\0\0\x01', at + 3, 'latin1')) {
    if (from >= 0) nals.push(bytes.subarray(from, bytes[at - 1] === 0 ? at - 1 : at));
    from = at + 3;
  }
  nals.push(bytes.subarray(from));
  return nals;
}
