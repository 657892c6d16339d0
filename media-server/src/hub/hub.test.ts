import { CodedError } from '@shouwang/protocol';
import { beforeEach, describe, expect, test } from 'vitest';
import type { AccessUnit, AudioFrame, AudioTrack } from '../ingest/access-unit.ts';
import { silentLog } from '../lib/log.ts';
import { FakeSource } from '../testing/fake-source.ts';
import { pictures, track } from '../testing/h264-video.ts';
import { ManualClock } from '../testing/manual-clock.ts';
import { Hub } from './hub.ts';

const OFFLINE = new CodedError('CAMERA_OFFLINE', 'gone');

let clock: ManualClock;
let source: FakeSource;
let hub: Hub;

beforeEach(() => {
  clock = new ManualClock();
  source = new FakeSource();
  hub = new Hub({ cameraId: 'gate', source, clock, log: silentLog, lingerMs: 10_000 });
});

function watch() {
  const seen: AccessUnit[] = [];
  const downs: CodedError[] = [];
  return { seen, downs, subscription: hub.subscribe({ onPicture: (p) => seen.push(p), onDown: (e) => downs.push(e) }) };
}

describe('on demand', () => {
  test('nobody watching, nothing pulled', () => {
    expect(source.starts).toBe(0);
    expect(hub.state.phase).toBe('idle');
  });

  test('pulled once for many', () => {
    watch();
    watch();
    expect(source.starts).toBe(1);
  });

  test('the last viewer gone, the camera is let go after the linger', () => {
    const a = watch();
    const b = watch();
    a.subscription.close();
    clock.passes(60_000);
    expect(source.running).toBe(true);
    b.subscription.close();
    clock.passes(9_999);
    expect(source.running).toBe(true);
    clock.passes(1);
    expect(source.running).toBe(false);
    expect(hub.state.phase).toBe('idle');
  });

  test('a viewer within the linger keeps it, and later ones start it again', () => {
    watch().subscription.close();
    clock.passes(5000);
    const again = watch();
    clock.passes(60_000);
    expect(source.stops).toBe(0);
    again.subscription.close();
    clock.passes(10_000);
    watch();
    expect(source.starts).toBe(2);
  });

  test('closing a subscription twice counts once', () => {
    const a = watch();
    watch();
    a.subscription.close();
    a.subscription.close();
    clock.passes(60_000);
    expect(source.running).toBe(true);
  });
});

describe('pictures', () => {
  test('go to everybody; a newcomer gets those since the last key frame first', () => {
    const first = watch();
    source.answers(track());
    const all = pictures('IPPPIPP');
    source.sends(...all.slice(0, 6));
    const late = watch();
    source.sends(all[6]!);
    expect(first.seen).toEqual(all);
    expect([...late.subscription.gop, ...late.seen]).toEqual(all.slice(4));
  });

  test('one viewer’s failure is not the others’', () => {
    hub.subscribe({
      onPicture: () => {
        throw new Error('broken viewer');
      },
    });
    const other = watch();
    source.answers(track());
    source.sends(...pictures('IP'));
    expect(other.seen).toHaveLength(2);
  });

  test('of a camera with hardly any key frames are not hoarded', () => {
    const viewer = watch();
    source.answers(track());
    source.sends(...pictures(`I${'P'.repeat(3000)}`));
    expect(viewer.seen).toHaveLength(3001);
    expect(watch().subscription.gop).toEqual([]);
  });

  test('tell whether they are shown in another order than they come', () => {
    watch();
    source.answers(track());
    source.sends(...pictures('IPP'));
    expect(hub.reorders).toBeUndefined();
    source.sends(...pictures('P'.repeat(20), { from: 3 }));
    expect(hub.reorders).toBe(false);
    // A clock that was set back once.
    source.sends(...pictures('IPPPPPPPPP', { from: 18 }));
    expect(hub.reorders).toBe(false);
    source.sends(...pictures('IBBPBBP', { from: 60 }));
    expect(hub.reorders).toBe(true);
  });

  test('of which a few are B pictures, far apart, are found to be shown in another order at the first', () => {
    watch();
    const told = track(1, { reorderFrames: 1 });
    source.answers(told);
    source.sends(...pictures(`I${'P'.repeat(20)}`, { track: told }));
    expect(hub.reorders).toBe(false);
    // A clock that was set back once.
    source.sends(...pictures('PPPP', { from: 18, track: told }));
    expect(hub.reorders).toBe(false);
    source.sends(...pictures(`${'P'.repeat(20)}BP`, { from: 22, track: told }));
    expect(hub.reorders).toBe(true);
  });

  test('are weighed', () => {
    watch();
    source.answers(track());
    const all = pictures('I'.repeat(101));
    source.sends(...all);
    const bytes = all.reduce((sum, p) => sum + p.bytes, 0);
    expect(hub.mbit).toBeCloseTo((bytes * 8) / 4 / 1e6, 6);
  });
});

describe('waiting', () => {
  test('for the first key frame ends with it', async () => {
    watch();
    const key = hub.waitForKey(5000);
    source.answers(track());
    const [i] = pictures('I');
    source.sends(i!);
    expect(await key).toBe(i);
  });

  test('ends when it has taken too long', async () => {
    watch();
    const key = hub.waitForKey(5000);
    clock.passes(5000);
    await expect(key).rejects.toMatchObject({ code: 'CAMERA_OFFLINE' });
  });

  test('ends at once when the camera cannot be reached, and is not begun while it is down', async () => {
    watch();
    const waiting = hub.waitForTrack(5000);
    source.fails(OFFLINE);
    await expect(waiting).rejects.toBe(OFFLINE);
    await expect(hub.waitForTrack(5000)).rejects.toBe(OFFLINE);
  });
});

describe('a lost camera', () => {
  test('is told to everybody, and its old pictures are not passed off as new ones', () => {
    const viewer = watch();
    source.answers(track());
    source.sends(...pictures('IPP'));
    source.fails(OFFLINE);
    expect(hub.state.phase).toBe('down');
    expect(viewer.downs).toEqual([OFFLINE]);
    expect(hub.keyPicture).toBeUndefined();
    expect(watch().subscription.gop).toEqual([]);
  });

  test('goes on with its viewers when it is back', async () => {
    const viewer = watch();
    source.fails(OFFLINE);
    source.answers(track(2));
    expect(hub.state.phase).toBe('connecting');
    await expect(hub.waitForTrack(1)).resolves.toMatchObject({ run: 2 });
    source.sends(...pictures('I', { track: track(2) }));
    expect(viewer.seen).toHaveLength(1);
    expect(hub.state.phase).toBe('live');
  });
});

describe('the state', () => {
  const health = (phase: 'live' | 'degraded' | 'silent', detail?: string) => source.feels(detail ? { phase, detail } : { phase });

  test('says how well a camera sends', () => {
    watch();
    source.answers(track());
    source.sends(...pictures('IP'));
    health('degraded', '12 % lost');
    source.sends(...pictures('P', { from: 2 }));
    expect(hub.state).toEqual({ phase: 'degraded', detail: '12 % lost' });
    health('live');
    expect(hub.state).toEqual({ phase: 'live' });
    health('silent');
    expect(hub.state).toEqual({ phase: 'silent' });
    source.sends(...pictures('P', { from: 3 }));
    expect(hub.state).toEqual({ phase: 'live' });
  });

  test('is not live before the first picture', () => {
    watch();
    source.answers(track());
    health('silent');
    health('live');
    expect(hub.state).toEqual({ phase: 'connecting' });
  });

  test('says why the camera refuses, and that it is tried again', async () => {
    watch();
    source.fails(new CodedError('CAMERA_OFFLINE', 'wrong password'), 1000, 'refused');
    expect(hub.state).toEqual({ phase: 'refused', why: 'CAMERA_OFFLINE', detail: 'wrong password' });
    await expect(hub.waitForTrack(5000)).rejects.toThrow('wrong password');
    source.answers(track());
    expect(hub.state).toEqual({ phase: 'connecting' });
  });

  test('of a silent camera stays until a picture comes, through every new connection', () => {
    watch();
    source.answers(track());
    source.sends(...pictures('I'));
    source.fails(new CodedError('CAMERA_OFFLINE', 'sends nothing'), 1000, 'silent');
    source.answers(track(2));
    health('live', 'without sound');
    expect(hub.state).toMatchObject({ phase: 'silent', detail: 'sends nothing' });
    source.sends(...pictures('I', { track: track(2) }));
    expect(hub.state).toEqual({ phase: 'live', detail: 'without sound' });
  });
});

test('sound goes to everybody who wants it', () => {
  const heard: AudioFrame[] = [];
  hub.subscribe({ onPicture: () => {}, onAudio: (f) => heard.push(f) });
  watch();
  const g711: AudioTrack = { codec: 'pcma', sampleRate: 8000, channels: 1, config: Buffer.alloc(0), run: 1 };
  const frame = { data: Buffer.alloc(160), ticks: 0, pictureAt: 1, arrivedAt: 1, track: g711 };
  source.answers(track());
  source.hears(g711, frame);
  expect(hub.audioTrack).toBe(g711);
  expect(heard).toEqual([frame]);
  source.fails(OFFLINE);
  expect(hub.audioTrack).toBeUndefined();
});

test('closing stops the camera whoever watches, and takes no more viewers', async () => {
  watch();
  await hub.close();
  expect(source.running).toBe(false);
  expect(() => watch()).toThrow('CAMERA_OFFLINE');
});
