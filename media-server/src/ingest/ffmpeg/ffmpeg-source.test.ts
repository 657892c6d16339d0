import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { systemClock } from '../../lib/clock.ts';
import { type Log, silentLog } from '../../lib/log.ts';
import { pictures } from '../../testing/h264-video.ts';
import { ManualClock } from '../../testing/manual-clock.ts';
import { standIn } from '../../testing/stand-in.ts';
import { codingArguments } from '../../transcode/arguments.ts';
import { TranscodeBudget } from '../../transcode/budget.ts';
import { PROFILES } from '../../transcode/profiles.ts';
import { findFfmpeg } from '../../viewers/stills/find-ffmpeg.ts';
import type { AccessUnit, AudioFrame, DownPhase, SourceHealth } from '../access-unit.ts';
import { toAnnexB } from '../h264/nal.ts';
import { FfmpegSource, type Recoding } from './ffmpeg-source.ts';

const ffmpeg = findFfmpeg(process.env)!;
const SENT = pictures(`${'I'.padEnd(10, 'P')}`.repeat(5));

let dir: string;
let server: Server;
/** Requests served with the stream; the rest of the paths are not there. */
let asked = 0;
beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), 'shouwang-ffmpeg-'));
  const { sps, pps } = SENT[0]!.track;
  const video = join(dir, 'video.h264');
  writeFileSync(video, Buffer.concat(SENT.map((p) => toAnnexB(p.key ? [sps, ...pps, ...p.nals] : p.nals))));
  const sound = ['-f', 'lavfi', '-i', 'sine=frequency=440:sample_rate=16000:duration=2'];
  const args = ['-v', 'error', '-framerate', '25', '-f', 'h264', '-i', video, ...sound, '-c:v', 'copy', '-c:a', 'aac'];
  const old = ['-v', 'error', '-f', 'lavfi', '-i', 'testsrc=size=160x120:rate=25:duration=2'];
  for (const codec of ['mpeg2video', 'mjpeg']) execFileSync(ffmpeg, [...old, '-c:v', codec, '-bf', '0', '-y', join(dir, `${codec}.nut`)]);
  for (const name of ['live.ts', 'live.flv', 'noise.ts'])
    execFileSync(ffmpeg, [...args, ...(name === 'noise.ts' ? ['-vn'] : []), '-y', join(dir, name)]);
  server = createServer((request, response) => {
    asked++;
    const name = /^\/live\.(ts|flv)$|^\/noise\.ts$|^\/\w+\.nut$/.exec(request.url ?? '')?.[0];
    if (name) response.end(readFileSync(join(dir, name)));
    else response.writeHead(request.url === '/locked' ? 401 : 404).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});
afterAll(async () => {
  await new Promise((resolve) => server.close(resolve));
  rmSync(dir, { recursive: true, force: true });
});

let source: FfmpegSource;
let clock: ManualClock | undefined;
let shown: AccessUnit[];
let heard: AudioFrame[];
/** What was told of the streams, in order. */
let streams: string[];
let health: SourceHealth[];
let downs: { why: string; detail: string | undefined; retryInMs: number; phase: DownPhase | undefined }[];
afterEach(async () => {
  const stopping = source.stop();
  clock?.passes(5000);
  await stopping;
  clock = undefined;
});

interface Reading {
  bin?: string | undefined;
  time?: typeof systemClock;
  recoding?: Recoding;
  log?: Log;
}

const addressOf = (path: string) => `ffmpeg:http://user:geheim@127.0.0.1:${(server.address() as AddressInfo).port}/${path}`;

function reads(path: string, { bin = ffmpeg, time = systemClock, ...more }: Reading = {}): void {
  [shown, heard, streams, health, downs, asked] = [[], [], [], [], [], 0];
  source = new FfmpegSource({ url: addressOf(path), ffmpeg: bin, clock: time, log: silentLog, random: () => 1, ...more });
  source.start({
    onTrack: () => streams.push('pictures described'),
    onPicture: (p) => shown.push(p),
    onSoundComing: () => streams.push('sound coming'),
    onAudioTrack: () => streams.push('sound described'),
    onAudio: (f) => heard.push(f),
    onHealth: (h) => health.push(h),
    onDown: (error, retryInMs, phase) => downs.push({ why: error.message, detail: error.detail, retryInMs, phase }),
  });
}

/** In ffmpeg's place; `LIVE` in its script is the stream. */
const acts = (script: string) => standIn(dir, script.replaceAll('LIVE', join(dir, 'live.ts')));

let budget: TranscodeBudget;
const budgetOf = (maxCorePercent: number) => {
  budget = new TranscodeBudget({ clock: new ManualClock(), maxCorePercent });
  return { args: codingArguments(PROFILES['720p']), take: () => budget.take(30), needed: new Map() };
};

describe('any other source', () => {
  test.each(['live.ts', 'live.flv'])('(%s) comes through ffmpeg picture for picture, with its sound', async (path) => {
    reads(path);
    await vi.waitFor(() => expect(downs).toHaveLength(1), 30_000);
    // The last one is known to be whole when the next begins, and there is none.
    expect(shown.length).toBeGreaterThanOrEqual(SENT.length - 1);
    expect(shown.map((p) => p.nals.map((n) => n.toString('hex')))).toEqual(
      SENT.slice(0, shown.length).map((p) => p.nals.map((n) => n.toString('hex'))),
    );
    expect(shown.slice(1).map((p, i) => p.ticks - shown[i]!.ticks)).toEqual(shown.slice(1).map(() => 3600));
    expect(heard.length).toBeGreaterThan(20);
    expect(streams[0]).toBe('sound coming');
    expect([...streams].sort()).toEqual(['pictures described', 'sound coming', 'sound described']);
    expect(heard[0]!.track).toMatchObject({ codec: 'aac', sampleRate: 16_000, channels: 1 });
    expect(heard[5]!.ticks - heard[4]!.ticks).toBe((1024 * 90_000) / 16_000);
    expect(downs[0]).toMatchObject({ phase: 'down', detail: 'ffmpeg ended with 0', retryInMs: 1000 });
  });

  test.each(['mpeg2video', 'mjpeg'])('of another coding (%s) becomes H.264, in the budget of the transcodes', async (codec) => {
    let most = 0;
    reads(`${codec}.nut`, { recoding: budgetOf(100) });
    await vi.waitFor(() => {
      most = Math.max(most, budget.corePercent);
      expect(downs).toHaveLength(1);
    }, 30_000);
    expect(shown.length).toBeGreaterThanOrEqual(49);
    expect(shown[0]).toMatchObject({ key: true, track: { codec: 'h264' } });
    expect(shown.slice(1).map((p, i) => p.ticks - shown[i]!.ticks)).toEqual(shown.slice(1).map(() => 3600));
    expect([most, budget.corePercent, downs[0]!.detail]).toEqual([30, 0, 'ffmpeg ended with 0']);
  });

  test.each([
    [
      'where the budget is spent, and tried again within 15 s',
      () => budgetOf(0),
      /^TRANSCODE_BUDGET/,
      'down',
      [1000, 2000, 4000, 8000, 15_000, 15_000],
    ],
    ['where nothing is to be coded anew', () => undefined, /^CODEC_UNSUPPORTED/, 'refused', [1000, 2000, 4000]],
  ])('of another coding is refused %s', async (_what, recoding, why, phase, waits) => {
    clock = new ManualClock();
    const made = recoding();
    reads('mjpeg.nut', { time: clock, ...(made ? { recoding: made } : {}) });
    for (const [i, retryInMs] of waits.entries()) {
      await vi.waitFor(() => expect(downs).toHaveLength(i + 1), 30_000);
      expect(downs[i]).toMatchObject({ phase, retryInMs, why: expect.stringMatching(why) });
      clock.passes(retryInMs);
    }
  });

  test('that finds no room in the budget for long says so once, and again when it had some', async () => {
    clock = new ManualClock();
    const lines: unknown[] = [];
    const write = (line: string) => {
      const { level, code } = JSON.parse(line) as { level: number; code: string };
      lines.push([pino.levels.labels[level], code]);
    };
    const recoding = { ...budgetOf(30), needed: new Map([[addressOf(''), clock.now()]]) };
    const others = budget.take(30);
    reads('', { time: clock, recoding, bin: acts('exit 1').path, log: pino({ level: 'debug' }, { write }) });
    clock.passes(7000);
    expect(lines).toEqual(['warn', 'debug', 'debug', 'debug'].map((level) => [level, 'TRANSCODE_BUDGET']));
    others.release();
    clock.passes(8000);
    await vi.waitFor(() => expect(downs).toHaveLength(5), 30_000);
    budget.take(30);
    clock.passes(1000);
    expect(lines.slice(4)).toEqual([
      ['warn', 'CAMERA_OFFLINE'],
      ['warn', 'TRANSCODE_BUDGET'],
    ]);
    expect(downs.at(-1)!.retryInMs).toBe(1000);
  });

  test('of which a copy can be decoded need not be coded anew any more', async () => {
    clock = new ManualClock();
    const recoding = { ...budgetOf(100), needed: new Map([[addressOf('live.ts'), clock.now() - 3_600_000]]) };
    reads('live.ts', { time: clock, recoding });
    await vi.waitFor(() => expect(shown.length).toBeGreaterThan(0), 30_000);
    expect([...recoding.needed]).toEqual([]);
  });

  test('of another coding is coded anew at once when it is pulled again within the hour', async () => {
    clock = new ManualClock();
    const recoding = budgetOf(100);
    const runs = async () => {
      reads('mjpeg.nut', { time: clock!, recoding });
      await vi.waitFor(() => expect(shown.length).toBeGreaterThan(0), 30_000);
      await source.stop();
      return source.counters.connects;
    };
    expect(await runs()).toBe(2);
    clock.passes(3_590_000);
    expect(await runs()).toBe(1);
    clock.passes(10_000);
    expect(await runs()).toBe(2);
  });

  test('that is not there is said without its password, and tried again', async () => {
    clock = new ManualClock();
    reads('nowhere', { time: clock });
    await vi.waitFor(() => expect(downs).toHaveLength(1), 30_000);
    expect(downs[0]!.detail).toMatch(/^ffmpeg ended with \d+: .*404/);
    expect(downs[0]!.detail).not.toContain('geheim');
    clock.passes(1000);
    await vi.waitFor(() => expect(downs).toHaveLength(2), 30_000);
    expect(downs[1]!.retryInMs).toBe(2000);
    expect(asked).toBe(2);
  });

  test('that says no is told apart from one that is away', async () => {
    clock = new ManualClock();
    reads('locked', { time: clock });
    await vi.waitFor(() => expect(downs).toHaveLength(1), 30_000);
    expect(downs[0]).toMatchObject({ phase: 'refused', detail: expect.stringContaining('401 Unauthorized') });
  });

  test('without pictures is refused, once it was seen that there are none of another coding', async () => {
    clock = new ManualClock();
    const bin = acts(`cat ${join(dir, 'noise.ts')}; exec sleep 1000`);
    reads('noise.ts', { time: clock, bin: bin.path, recoding: budgetOf(100) });
    await vi.waitFor(() => expect(downs).toHaveLength(1), 30_000);
    expect(downs[0]).toMatchObject({ phase: 'refused', detail: 'the source has neither H.264 nor H.265' });
    expect([bin.pids().length, budget.running]).toEqual([2, 0]);
  });

  test.each([
    ['that is away is tried often enough to be back within 5 s', 'exit 1', [1000, 2000, 2000, 2000]],
    ['that has no pictures for us is tried ever less often', 'cat NOISE; exec sleep 1000', [1000, 2000, 4000, 8000]],
  ])('%s', async (_what, script, waits) => {
    clock = new ManualClock();
    reads('', { time: clock, bin: acts(script.replace('NOISE', join(dir, 'noise.ts'))).path });
    for (const [i, wait] of waits.entries()) {
      await vi.waitFor(() => expect(downs).toHaveLength(i + 1), 30_000);
      clock.passes(wait);
    }
    expect(downs.slice(0, 4).map((d) => d.retryInMs)).toEqual(waits);
  });

  test('without an ffmpeg says what to install', () => {
    clock = new ManualClock();
    source = new FfmpegSource({ url: 'ffmpeg:http://h/', ffmpeg: undefined, clock, log: silentLog });
    let told: string | undefined;
    source.start({
      onTrack: () => {},
      onPicture: () => {},
      onDown: (error) => {
        told = error.message;
      },
    });
    expect(told).toContain('apt-get install ffmpeg');
  });
});

describe('ffmpeg', () => {
  test('that gives nothing any more is called silent, ended, and begun anew', async () => {
    clock = new ManualClock();
    const bin = acts('cat LIVE; exec sleep 1000');
    reads('', { bin: bin.path, time: clock });
    await vi.waitFor(() => expect(shown.length).toBeGreaterThan(40), 30_000);
    clock.passes(3000);
    expect(health).toEqual([{ phase: 'silent', detail: 'ffmpeg runs, and nothing comes' }]);
    clock.passes(7000);
    expect(downs).toMatchObject([{ phase: 'silent', detail: 'the source sends nothing' }]);
    await vi.waitFor(() => expect(bin.alive()).toEqual([]), 30_000);
    clock.passes(1000);
    await vi.waitFor(() => expect(bin.pids()).toHaveLength(2), 30_000);
  });

  /** Gives bytes and never a picture: the tables, and then none but the first of them again. */
  const PICTURELESS = `head -c 564 LIVE; while kill -0 ${process.pid}; do head -c 188 LIVE; sleep 0.02; done`;
  const passes = async (ms: number) => {
    for (let passed = 0; passed < ms; passed += 2500) {
      const before = source.counters.bytes;
      await vi.waitFor(() => expect(source.counters.bytes).toBeGreaterThan(before), 30_000);
      clock?.passes(2500);
    }
  };

  test('that gives bytes and never a picture is called silent, and goes on', async () => {
    clock = new ManualClock();
    reads('', { bin: acts(PICTURELESS).path, time: clock });
    await passes(25_000);
    expect(health).toEqual([{ phase: 'silent', detail: 'packets come, but no picture that can be decoded' }]);
    expect(downs).toEqual([]);
  });

  test('that copies no picture that decoding can begin with codes them anew', async () => {
    clock = new ManualClock();
    const bin = acts(`case "$*" in *libx264*) cat LIVE; exec sleep 1000;; esac; ${PICTURELESS}`);
    reads('', { bin: bin.path, time: clock, recoding: budgetOf(100) });
    await passes(22_500);
    await vi.waitFor(() => expect(shown.length).toBeGreaterThan(40), 30_000);
    expect([bin.pids().length, budget.running]).toEqual([2, 1]);
    expect([health, downs]).toEqual([[], []]);
  });

  test('ends with its hub, and nothing of it is left', async () => {
    clock = new ManualClock();
    const bin = acts('cat LIVE; exec sleep 1000');
    reads('', { bin: bin.path, time: clock });
    await vi.waitFor(() => expect(shown.length).toBeGreaterThan(40), 30_000);
    await source.stop();
    expect([bin.pids().length, bin.alive()]).toEqual([1, []]);
    expect(clock.pending()).toEqual([]);
    expect(downs).toEqual([]);
  });

  test('that will not end is made to', async () => {
    clock = new ManualClock();
    const bin = acts("trap '' TERM; cat LIVE; while :; do sleep 0.1; done");
    reads('', { bin: bin.path, time: clock });
    await vi.waitFor(() => expect(shown.length).toBeGreaterThan(40), 30_000);
    const stopping = source.stop();
    clock.passes(1000);
    await stopping;
    expect([bin.pids().length, bin.alive()]).toEqual([1, []]);
  });
});
