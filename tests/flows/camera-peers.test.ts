/** Hop Ⓐ against RTSP servers that share no code with ours: GStreamer's and VLC's. */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import {
  type AccessUnit,
  type AudioFrame,
  type CameraSource,
  makeCameraSource,
  type SourceHealth,
  silentLog,
} from '../../media-server/src/index.ts';
import { Peer } from '../harness/peer.ts';
import { freePorts } from '../harness/ports.ts';
import { until } from '../harness/until.ts';

const ffmpeg = process.env.FFMPEG_BIN ?? 'ffmpeg';
const systemClock = {
  now: () => Date.now(),
  after(ms: number, run: () => void) {
    const timer = setTimeout(run, ms);
    return () => clearTimeout(timer);
  },
};

let server: Peer | undefined;
let source: CameraSource | undefined;
let dir: string | undefined;
afterEach(async () => {
  await source?.stop();
  await server?.stops();
  if (dir) rmSync(dir, { recursive: true, force: true });
  [source, server, dir] = [undefined, undefined, undefined];
});

interface Watched {
  pictures: AccessUnit[];
  sound: AudioFrame[];
  health: SourceHealth[];
  troubles: string[];
}

function watch(url: string, transport: 'auto' | 'tcp' | 'udp' = 'auto'): Watched {
  const seen: Watched = { pictures: [], sound: [], health: [], troubles: [] };
  source = makeCameraSource({ url, transport, clock: systemClock, log: silentLog });
  source.start({
    onTrack: () => {},
    onPicture: (p) => seen.pictures.push(p),
    onAudio: (f) => seen.sound.push(f),
    onHealth: (h) => seen.health.push(h),
    onDown: (error, _retryInMs, phase) => seen.troubles.push(`${phase}: ${error.message}`),
  });
  return seen;
}

const pictures = (seen: Watched, count: number) =>
  until(`${count} pictures (${seen.troubles.join('; ')})`, () => seen.pictures.length >= count, 60_000);

/** How many pictures a decoder that is not ours makes of them; it may not complain. */
function decodes({ pictures: all }: Watched): { frames: number; complaints: string } {
  const { codec, vps, sps, pps } = all[0]!.track;
  const start = Buffer.from([0, 0, 0, 1]);
  const bytes = Buffer.concat([...vps, sps, ...pps, ...all.flatMap((p) => p.nals)].flatMap((n) => [start, n]));
  const args = [
    '-v',
    'error',
    '-f',
    codec === 'h265' ? 'hevc' : 'h264',
    '-i',
    'pipe:0',
    '-fps_mode',
    'passthrough',
    '-f',
    'framemd5',
    'pipe:1',
  ];
  const { stdout, stderr } = spawnSync(ffmpeg, args, { input: bytes, encoding: 'utf8' });
  return { frames: stdout.split('\n').filter((l) => /^\d/.test(l)).length, complaints: stderr };
}

/** Milliseconds from one to the next, the middle one of all. */
function pace(ticks: readonly number[]): number {
  const sorted = [...ticks].sort((a, b) => a - b);
  const steps = sorted.slice(1).map((t, i) => (t - sorted[i]!) / 90);
  return steps.sort((a, b) => a - b)[Math.floor(steps.length / 2)]!;
}

describe('GStreamer’s server', () => {
  it.each([
    ['H.264 over TCP', ['--transport', 'tcp'], 'tcp'],
    ['H.264 over UDP', ['--transport', 'udp'], 'udp'],
    ['H.264 with B frames over UDP, after it refused TCP', ['--transport', 'udp', '--bframes', '2'], 'auto'],
    ['H.265 over TCP', ['--codec', 'h265'], 'auto'],
    ['H.265 over UDP', ['--codec', 'h265', '--transport', 'udp'], 'auto'],
  ] as const)('sends %s: every picture is decoded', { timeout: 120_000 }, async (_what, args, transport) => {
    server = new Peer('gst-rtsp-server.py', [...args, '--size', '320x240', '--gop', '10']);
    const { url } = await server.says('url');
    const seen = watch(String(url), transport);
    await pictures(seen, 40);
    await source!.stop();
    expect(seen.pictures[0]!.key).toBe(true);
    expect(seen.troubles).toEqual([]);
    const { frames, complaints } = decodes(seen);
    expect(complaints).toBe('');
    expect(frames).toBe(seen.pictures.length);
    expect(pace(seen.pictures.map((p) => p.ticks))).toBeCloseTo(40, 0);
    // The camera's clock is this machine's.
    expect(Math.max(...seen.pictures.map((p) => Math.abs(p.arrivedAt - p.pictureAt)))).toBeLessThan(10_000);
  });

  it.each([
    ['aac', 48_000, 1024 / 48],
    ['pcma', 8000, undefined],
    ['pcmu', 8000, undefined],
  ] as const)('sends %s beside the pictures, on the same line of time', { timeout: 120_000 }, async (codec, sampleRate, paceMs) => {
    server = new Peer('gst-rtsp-server.py', ['--audio', codec, '--gop', '10']);
    const { url } = await server.says('url');
    const seen = watch(String(url));
    await until('sound and pictures', () => seen.sound.length > 40 && seen.pictures.length > 20, 60_000);
    await source!.stop();
    expect(seen.troubles).toEqual([]);
    expect(seen.sound[0]!.track).toMatchObject({ codec, sampleRate });
    if (paceMs) expect(pace(seen.sound.map((f) => f.ticks))).toBeCloseTo(paceMs, 0);
    const last = { heard: seen.sound.at(-1)!, shown: seen.pictures.at(-1)! };
    const byTicks = (last.heard.ticks - last.shown.ticks) / 90;
    const byClock = last.heard.pictureAt - last.shown.pictureAt;
    expect(Math.abs(byTicks - byClock)).toBeLessThan(400);
  });
});

describe('VLC’s server', () => {
  it('refuses TCP, and sends pictures with B frames and sound over UDP', { timeout: 120_000 }, async () => {
    dir = mkdtempSync(join(tmpdir(), 'shouwang-vlc-'));
    const file = join(dir, 'camera.mp4');
    const inputs = ['testsrc=size=320x240:rate=25:duration=30', 'sine=frequency=440:sample_rate=48000:duration=30'].flatMap((i) => [
      '-f',
      'lavfi',
      '-i',
      i,
    ]);
    const coding = ['-pix_fmt', 'yuv420p', '-c:v', 'libx264', '-g', '25', '-c:a', 'aac'];
    execFileSync(ffmpeg, ['-v', 'error', ...inputs, ...coding, '-y', file]);
    const [port] = await freePorts(1);
    server = new Peer('vlc-rtsp-server.py', [file, String(port)]);
    const { url } = await server.says('url');
    const seen = watch(String(url));
    await pictures(seen, 60);
    await until('sound', () => seen.sound.length > 40, 60_000);
    await source!.stop();
    const { complaints, frames } = decodes(seen);
    expect(complaints).toBe('');
    expect(frames).toBeGreaterThanOrEqual(60);
    expect(pace(seen.pictures.map((p) => p.ticks))).toBeCloseTo(40, 0);
    expect(seen.sound[0]!.track).toMatchObject({ codec: 'aac', sampleRate: 48_000 });
  });
});
