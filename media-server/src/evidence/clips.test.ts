/** Clips of cases at the node: recorded from the ring and what comes, signed, told, kept and deleted; ffprobe and the stand-alone verifier judge them. */
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ClipReported, ClipWanted } from '@shouwang/protocol';
import { CodedError } from '@shouwang/protocol';
import { isValid } from '@shouwang/protocol/validators';
import { describe, expect, test } from 'vitest';
import { FakeSource } from '../testing/fake-source.ts';
import { pictures, type StreamOptions, track } from '../testing/h264-video.ts';
import { CLIP, recordingNode, T, VERIFY } from '../testing/recording-node.ts';

const t = recordingNode();
/** A key frame every second, ten pictures a second. */
const SECOND = `I${'P'.repeat(9)}`;

const starts = (recorder: object = {}, preRoll: 'always' | 'watched' | 'none' = 'always') =>
  t.starts({ camera: { preRoll }, recorder: { lateS: 3, ...recorder } });

/** The node is killed (its timers with it) and started anew. */
async function killedAndStarted(): Promise<void> {
  await t.stops();
  t.source = new FakeSource();
  await starts();
}

function want(change: Partial<ClipWanted['data']> = {}): ClipWanted['data'] {
  const now = t.clock.now();
  return { clipId: CLIP, caseNo: '20261123-0007', cameraId: 'gate', from: now - 5000, to: now + 5000, wanted: 'kept', ...change };
}

async function asked(change: Partial<ClipWanted['data']> = {}): Promise<void> {
  t.evidence.clips.hear(want(change), t.clock.now());
  await t.evidence.clips.settled();
}

/** So many seconds of pictures, in real order with the clock. */
async function films(seconds: number, options: StreamOptions = {}): Promise<void> {
  const coding = options.track ?? track();
  t.source.answers(coding);
  for (let s = 0; s < seconds; s++) {
    const from = Math.round((t.clock.now() - T) / 100);
    for (const p of pictures(SECOND, { fps: 10, from, startAt: T, ...options, track: coding })) {
      t.clock.passes(p.arrivedAt - t.clock.now());
      t.source.sends(p);
    }
    t.clock.passes(100);
  }
  await t.evidence.clips.settled();
}

const told = (): ClipReported['data'] => t.evidence.clips.unreported[0]!;

function probe(file: string): { frames: number; duration: number } {
  const out = execFileSync('ffprobe', [
    '-v',
    'error',
    '-count_frames',
    '-show_entries',
    'stream=nb_read_frames:format=duration,start_time',
    '-of',
    'json',
    file,
  ]);
  const { streams, format } = JSON.parse(String(out));
  expect(Number(format.start_time)).toBe(0);
  return { frames: Number(streams[0].nb_read_frames), duration: Number(format.duration) };
}

function verify(mp4: string, manifest: string, ...more: string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [VERIFY, mp4, manifest, ...more], { encoding: 'utf8' });
  return { status, words: stdout + stderr };
}

describe('a clip', () => {
  test('has the time before the press at once and all of it at the end; every frame counts, and the verifier accepts it', async () => {
    await starts();
    await films(8);
    await asked();
    expect(told()).toMatchObject({ state: 'partial', parts: [{ n: 1, stage: 'pre', frames: 40 }], gaps: [] });
    const pre = t.evidence.clips.part(CLIP, 1);
    expect(probe(pre.mp4).frames).toBe(40);
    expect(verify(pre.mp4, pre.manifest).status).toBe(0);

    await films(7);
    const done = told();
    expect(done).toMatchObject({ state: 'complete', gaps: [], parts: [{ n: 1, stage: 'whole', codec: 'h264' }] });
    const { mp4, manifest, part } = t.evidence.clips.part(CLIP, 1);
    expect(part.from).toBeLessThanOrEqual(T + 3000);
    expect(part.to).toBeGreaterThanOrEqual(T + 12_900);
    const probed = probe(mp4);
    expect(probed.frames).toBe(part.frames);
    expect(probed.duration).toBeCloseTo(part.durationMs / 1000, 1);
    expect(verify(mp4, manifest)).toMatchObject({ status: 0, words: expect.stringContaining('20261123-0007') });
    expect(readdirSync(join(t.dir, 'evidence/clips', CLIP)).sort()).toEqual(['1.json', '1.mp4', 'clip.json']);
  });

  test('of a camera that nobody watched begins with the press, and says what is missing', async () => {
    await starts({}, 'watched');
    await asked();
    expect(t.source.running).toBe(true);
    await films(7);
    expect(told()).toMatchObject({ state: 'complete', gaps: [{ from: T - 5000, to: T }] });
  });

  test('goes on over a loss of the camera, and says when nothing came', async () => {
    await starts();
    await films(6);
    await asked();
    await films(1);
    t.source.fails(new CodedError('CAMERA_OFFLINE'));
    t.clock.passes(2000);
    await films(4, { track: track(2) });
    const { gaps, parts, state } = told();
    expect(state).toBe('complete');
    expect(parts).toHaveLength(1);
    expect(gaps).toHaveLength(1);
    expect(gaps[0]!.to - gaps[0]!.from).toBeGreaterThanOrEqual(2000);
    expect(probe(t.evidence.clips.part(CLIP, 1).mp4).frames).toBe(parts[0]!.frames);
  });

  test('has a second file where the camera changes its coding', async () => {
    await starts();
    await films(6);
    await asked();
    await films(2);
    const wide = { width: 4, height: 2 };
    await films(5, { track: track(2, wide), shape: wide });
    expect(told().parts.map((p) => p.n)).toEqual([1, 2]);
    for (const n of [1, 2]) {
      const { mp4, manifest, part } = t.evidence.clips.part(CLIP, n);
      expect(probe(mp4).frames).toBe(part.frames);
      expect(verify(mp4, manifest).status).toBe(0);
    }
  });

  test('keeps what the camera signs with (SEI)', async () => {
    await starts();
    await films(6);
    const sei = Buffer.concat([Buffer.from([0x06, 0x05, 0x14]), Buffer.from('0123456789abcdef'), Buffer.from('SIGN'), Buffer.from([0x80])]);
    const [key] = pictures('I', { fps: 10, from: 60, startAt: T });
    t.clock.passes(1);
    t.source.sends({ ...key!, nals: [sei, ...key!.nals], arrivedAt: t.clock.now() });
    await asked();
    t.clock.passes(8000);
    await t.evidence.clips.settled();
    expect(readFileSync(t.evidence.clips.part(CLIP, 1).mp4).includes(sei)).toBe(true);
  });

  test('asked for when its time is long over has nothing, and says so', async () => {
    await starts({ lateWithinS: 60 });
    await asked({ from: T - 200_000, to: T - 100_000 });
    expect(told()).toMatchObject({ state: 'failed', code: 'NO_FOOTAGE', gaps: [{ from: T - 200_000, to: T - 100_000 }] });
  });

  test('asked for late is recorded from now on, and says that its time is missing', async () => {
    await starts({}, 'none');
    await asked({ from: T - 20_000, to: T - 10_000 });
    await films(6);
    const { state, parts, gaps } = told();
    expect(state).toBe('complete');
    expect(parts[0]!.from).toBeGreaterThanOrEqual(T);
    expect(parts[0]!.to).toBeLessThanOrEqual(T + 3000);
    expect(gaps).toEqual([{ from: T - 20_000, to: T - 10_000 }]);
  });

  test('of a camera that gives nothing fails with the camera’s reason', async () => {
    await starts({}, 'watched');
    await asked();
    t.source.fails(new CodedError('CAMERA_OFFLINE'));
    t.clock.passes(12_000);
    await t.evidence.clips.settled();
    expect(told()).toMatchObject({ state: 'failed', code: 'CAMERA_OFFLINE' });
  });

  test('of a camera that is reached only when the time is over has something late, and says what is missing', async () => {
    await starts({}, 'watched');
    await asked();
    t.clock.passes(6000);
    await films(5);
    const { state, gaps, parts } = told();
    expect(state).toBe('complete');
    expect(gaps).toEqual([{ from: T - 5000, to: T + 5000 }]);
    expect(parts[0]!.to).toBeLessThanOrEqual(T + 9100);
  });

  test('is not made of an unknown camera, nor beyond the number at once', async () => {
    await starts({ maxActive: 1 });
    await asked();
    await asked({ clipId: CLIP.replace('a', 'b').replace(/.$/, 'b'), cameraId: 'nowhere' });
    await asked({ clipId: CLIP.replace(/.$/, 'c') });
    expect(t.evidence.clips.unreported.map((c) => c.code)).toEqual([undefined, 'CAMERA_UNKNOWN', 'RECORDER_BUSY']);
  });

  test('is told until it is acknowledged, and again when it is asked for again', async () => {
    await starts();
    await films(6);
    await asked();
    await films(7);
    const done = told();
    expect(
      isValid('ClipReported', {
        specversion: '1.0',
        id: CLIP,
        type: 'cn.shouwang.media.clip.v1',
        source: 'x',
        time: '2026-11-23T08:00:00Z',
        datacontenttype: 'application/json',
        data: done,
      }),
    ).toBe(true);
    await t.evidence.clips.acknowledged(CLIP, done.revision);
    expect(t.evidence.clips.unreported).toEqual([]);
    await asked({ from: done.parts[0]!.from });
    expect(t.evidence.clips.unreported, 'another range under the same id is no repetition').toEqual([]);
    const { want: first } = t.evidence.clips.part(CLIP, 1);
    t.evidence.clips.hear(first, t.clock.now());
    await t.evidence.clips.settled();
    expect(told()).toEqual(done);
  });

  test('survives a kill: what was on disk is a part, the rest another, the time between is missing', async () => {
    await starts();
    await films(6);
    await asked();
    await films(2);
    await killedAndStarted();
    await films(5, { track: track(3) });
    const { state, parts } = told();
    expect(state).toBe('complete');
    expect(parts.map((p) => p.n)).toEqual([1, 2]);
    for (const n of [1, 2]) {
      const { mp4, manifest, part } = t.evidence.clips.part(CLIP, n);
      expect(probe(mp4).frames).toBe(part.frames);
      expect(verify(mp4, manifest).status).toBe(0);
    }
  });

  test('of a range that ended while the node was away is what was on disk', async () => {
    await starts();
    await films(6);
    await asked();
    await films(2);
    await t.evidence.close();
    t.clock.passes(60_000);
    await killedAndStarted();
    expect(told()).toMatchObject({ state: 'complete', parts: [{ n: 1 }] });
    expect(told().gaps).toHaveLength(1);
  });
});

describe('deletion', () => {
  test('takes the files first from view, then from disk, and is remembered until the centre knows', async () => {
    await starts();
    await films(6);
    await asked();
    await films(7);
    const { want: first } = t.evidence.clips.part(CLIP, 1);
    t.evidence.clips.hear({ ...first, wanted: 'deleted' }, t.clock.now());
    await t.evidence.clips.settled();
    expect(told()).toMatchObject({ state: 'deleted', why: 'retention', parts: [] });
    expect(() => t.evidence.clips.part(CLIP, 1)).toThrow('CLIP_UNKNOWN');
    expect(readdirSync(join(t.dir, 'evidence/clips', CLIP))).toEqual(['clip.json']);
    await t.evidence.clips.acknowledged(CLIP, told().revision);
    expect(existsSync(join(t.dir, 'evidence/clips', CLIP))).toBe(false);
  });

  test('at the end of its time is left undone while a hold stands by the centre’s clock', async () => {
    await starts();
    await films(6);
    await asked();
    await films(7);
    const { want: first, mp4 } = t.evidence.clips.part(CLIP, 1);
    const before = told();
    const saidAt = t.clock.now() - 60_000;
    t.evidence.clips.hear({ ...first, wanted: 'deleted', heldUntil: saidAt + 1 }, saidAt);
    await t.evidence.clips.settled();
    expect(told()).toEqual(before);
    expect(existsSync(mp4)).toBe(true);
    t.evidence.clips.hear({ ...first, wanted: 'deleted', heldUntil: saidAt + 1 }, saidAt + 1);
    await t.evidence.clips.settled();
    expect(told()).toMatchObject({ state: 'deleted' });
  });

  test('of a clip that is not here any more is answered all the same', async () => {
    await starts();
    await asked({ wanted: 'deleted' });
    expect(told()).toMatchObject({ state: 'deleted' });
  });

  test('at the disk’s limit takes the oldest that is not held; with nothing left to take, the new one fails', async () => {
    await starts({ diskBudgetMb: 16 });
    const ids = ['1', '2', '3'].map((n) => CLIP.replace(/.$/, n));
    await films(6);
    for (const clipId of ids.slice(0, 2)) {
      await asked({ clipId, ...(clipId === ids[0] ? { heldUntil: T + 1e9 } : {}) });
      await films(7);
    }
    // As if the clips were large.
    for (const clipId of ids.slice(0, 2)) t.evidence.budget.measured(clipId, 8 * 1024 * 1024);
    expect(t.evidence.budget.state).toBe('full');
    await asked({ clipId: ids[2]! });
    const states = new Map(t.evidence.clips.unreported.map((c) => [c.clipId, c]));
    expect(states.get(ids[0]!)!.state).toBe('complete');
    expect(states.get(ids[1]!)).toMatchObject({ state: 'deleted', why: 'disk-budget' });
    expect(states.get(ids[2]!)!.state).toBe('partial');
  });
});

describe('the verifier', () => {
  test('rejects any changed byte of file, segment hash, manifest or signature, each with its message', async () => {
    await starts();
    await films(6);
    await asked();
    await films(7);
    const { mp4, manifest } = t.evidence.clips.part(CLIP, 1);
    const [file, text] = [readFileSync(mp4), readFileSync(manifest)];
    const [badFile, badManifest] = [join(t.dir, 'bad.mp4'), join(t.dir, 'bad.json')];
    const changed = (bytes: Buffer, at: number) => {
      const copy = Buffer.from(bytes);
      copy[at]! ^= 1;
      return copy;
    };
    for (const at of [0, 40, Math.floor(file.length / 2), file.length - 1]) {
      writeFileSync(badFile, changed(file, at));
      expect(verify(badFile, manifest)).toMatchObject({ status: 1, words: expect.stringContaining('The file was changed') });
    }
    writeFileSync(badFile, Buffer.concat([file, Buffer.alloc(1)]));
    expect(verify(badFile, manifest)).toMatchObject({ status: 1, words: expect.stringContaining('bytes') });

    const swap = (find: string, change: (found: string) => string) => text.toString().replace(find, change);
    const { segments, signature } = JSON.parse(text.toString());
    const lastSame = signature.slice(0, -1) + (signature.endsWith('A') ? 'B' : String.fromCharCode(signature.charCodeAt(85) ^ 1));
    const bad: [string, string][] = [
      [swap(segments[1].sha256, (h) => h.replace(/^./, (c) => (c === '0' ? '1' : '0'))), 'signature is not valid'],
      [swap('"caseNo": "2', () => '"caseNo": "3'), 'signature is not valid'],
      [swap('  "format"', () => ' "format"'), 'exact form'],
      [swap(signature, () => lastSame), 'signature is not valid'],
      [swap(signature, (s) => (s.startsWith('A') ? 'B' : 'A') + s.slice(1)), 'signature is not valid'],
      ['{', 'no JSON'],
    ];
    for (const [content, words] of bad) {
      expect(content).not.toBe(text.toString());
      writeFileSync(badManifest, content);
      expect(verify(mp4, badManifest)).toMatchObject({ status: 1, words: expect.stringContaining(words) });
    }
    expect(verify(join(t.dir, 'nowhere.mp4'), manifest).status).toBe(2);
  });

  test('with a key given accepts that key’s signature only', async () => {
    await starts();
    await films(6);
    await asked();
    await films(7);
    const { mp4, manifest } = t.evidence.clips.part(CLIP, 1);
    const { publicKey } = JSON.parse(readFileSync(manifest, 'utf8'));
    const list = join(t.dir, 'keys.json');
    writeFileSync(list, JSON.stringify({ keys: [{ publicKey }] }));
    expect(verify(mp4, manifest, '--key', list)).toMatchObject({ status: 0, words: expect.not.stringContaining('no trusted key') });
    writeFileSync(list, JSON.stringify({ keys: [{ publicKey: Buffer.from(publicKey, 'base64').fill(1, 20).toString('base64') }] }));
    expect(verify(mp4, manifest, '--key', list)).toMatchObject({ status: 1, words: expect.stringContaining('another key') });
  });

  test('finds the node’s private key readable by its owner only', async () => {
    await starts();
    expect(statSync(join(t.dir, 'evidence/key.pem')).mode & 0o777).toBe(0o600);
  });
});
