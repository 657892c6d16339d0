import { CodedError, type GrantClaims, UNMASKED_S } from '@shouwang/protocol';
import { beforeEach, describe, expect, test } from 'vitest';
import { uuid7 } from '../lib/uuid7.ts';
import { ManualClock } from '../testing/manual-clock.ts';
import { type SessionLimits, Sessions } from './sessions.ts';

let clock: ManualClock;
let events: string[];
let sessions: Sessions;

beforeEach(() => {
  clock = new ManualClock();
  events = [];
  sessions = make();
});

function make(usedGrants?: Map<string, number>, limits?: SessionLimits): Sessions {
  const start = clock.now();
  return new Sessions({
    clock,
    verify: async (token) => JSON.parse(token) as GrantClaims,
    events: {
      onStarted: (s, at) => events.push(`started ${s.cameraId} at ${at - start}`),
      onEnded: (s, at, why) => events.push(`ended ${s.cameraId} at ${at - start}: ${why}`),
    },
    ...(usedGrants ? { usedGrants } : {}),
    ...(limits ? { limits } : {}),
  });
}

const known = () => {};
function grant(over: Partial<GrantClaims> = {}): string {
  return JSON.stringify({ cam: 'gate', sub: 'box:b1', jti: uuid7(clock.now()), ...over });
}

async function open(over: Partial<GrantClaims> = {}): Promise<string> {
  return (await sessions.open(grant(over), known)).secret;
}

describe('a grant', () => {
  test('is exchanged once', async () => {
    const token = grant();
    await sessions.open(token, known);
    await expect(sessions.open(token, known)).rejects.toMatchObject({ code: 'GRANT_USED' });
    expect(sessions.size).toBe(1);
  });

  test('that was used before a restart is used', async () => {
    const token = grant();
    const { jti } = JSON.parse(token) as GrantClaims;
    await expect(make(new Map([[jti, clock.now()]])).open(token, known)).rejects.toMatchObject({ code: 'GRANT_USED' });
  });

  test('for a camera that is not here is not used up', async () => {
    const token = grant();
    const unknown = () => {
      throw new CodedError('CAMERA_UNKNOWN');
    };
    await expect(sessions.open(token, unknown)).rejects.toMatchObject({ code: 'CAMERA_UNKNOWN' });
    await expect(sessions.open(token, known)).resolves.toBeDefined();
  });
});

describe('a session', () => {
  test('opens its camera and no other', async () => {
    const secret = await open();
    expect(sessions.check(secret, 'gate').cameraId).toBe('gate');
    expect(() => sessions.check(secret, 'lane')).toThrow('CAMERA_NOT_GRANTED');
    expect(() => sessions.check(undefined, 'gate')).toThrow('SESSION_MISSING');
    for (const other of ['', `${secret}x`, secret.slice(1)]) expect(() => sessions.check(other, 'gate')).toThrow('SESSION_INVALID');
  });

  test('has a secret of 256 bits that differs each time', async () => {
    const [a, b] = [await open(), await open()];
    expect(Buffer.from(a, 'base64url')).toHaveLength(32);
    expect(a).not.toBe(b);
  });

  test('lasts a minute from its last renewal, and its view ends then', async () => {
    const secret = await open();
    clock.passes(50_000);
    expect(sessions.renew(secret).expiresAt).toBe(clock.now() + 60_000);
    clock.passes(59_999);
    sessions.check(secret, 'gate');
    clock.passes(1);
    expect(() => sessions.check(secret, 'gate')).toThrow('SESSION_EXPIRED');
    expect(() => sessions.renew(secret)).toThrow('SESSION_EXPIRED');
    expect(events).toEqual(['started gate at 0', 'ended gate at 50000: expired']);
  });

  test('without masks is renewed for as long as its reason is good, and no longer', async () => {
    const secret = await open({ unmasked: true });
    for (let s = 0; s < UNMASKED_S - 20; s += 20) {
      clock.passes(20_000);
      sessions.renew(secret);
    }
    expect(sessions.check(secret, 'gate').expiresAt).toBe(clock.now() + 20_000);
    clock.passes(20_000);
    expect(() => sessions.renew(secret)).toThrow('SESSION_EXPIRED');
  });

  test('ends when the viewer says so', async () => {
    const secret = await open();
    clock.passes(5000);
    sessions.end(secret);
    expect(() => sessions.end(secret)).toThrow('SESSION_INVALID');
    clock.passes(120_000);
    expect(events).toEqual(['started gate at 0', 'ended gate at 5000: closed']);
  });

  test('ends with the node', async () => {
    await open();
    await open({ cam: 'lane' });
    clock.passes(1000);
    sessions.close();
    expect(events.slice(2)).toEqual(['ended gate at 1000: stopped', 'ended lane at 1000: stopped']);
    expect(clock.pending()).toEqual([]);
  });
});

describe('revoking', () => {
  test.each([
    ['a camera', { cameraId: 'gate' }, 2],
    ['a viewer', { viewer: 'box:b2' }, 2],
    ['a viewer of a camera', { viewer: 'box:b2', cameraId: 'gate' }, 1],
    ['nothing in particular', {}, 0],
  ])('%s ends those views and no others', async (_what, revoke, ended) => {
    const all = [await open(), await open({ sub: 'box:b2' }), await open({ sub: 'box:b2', cam: 'lane' })];
    expect(sessions.revoke(revoke, clock.now())).toBe(ended);
    expect(sessions.size).toBe(all.length - ended);
    expect(events.filter((e) => e.endsWith('revoked'))).toHaveLength(ended);
  });

  test('said again by a centre that was away, ends what began before it was said first, and nothing since', async () => {
    const before = await open();
    const saidAt = clock.now() + 1000;
    clock.passes(2000);
    const since = await open();
    expect(sessions.revoke({ viewer: 'box:b1' }, saidAt)).toBe(1);
    expect(() => sessions.check(before, 'gate')).toThrow('GRANT_REVOKED');
    expect(sessions.check(since, 'gate')).toBeDefined();
  });

  test('a grant ends its view, also before it began', async () => {
    const token = grant();
    const { jti } = JSON.parse(token) as GrantClaims;
    sessions.revoke({ grantId: jti }, clock.now());
    await expect(sessions.open(token, known)).rejects.toMatchObject({ code: 'GRANT_REVOKED' });
  });
});

test('a grant made before its viewer or camera was revoked opens nothing any more; a later one does', async () => {
  const inPocket = [grant(), grant({ cam: 'lane', sub: 'box:b2' })];
  const others = grant({ cam: 'lane', sub: 'box:b3' });
  clock.passes(1000);
  sessions.revoke({ viewer: 'box:b1' }, clock.now());
  sessions.revoke({ viewer: 'box:b2', cameraId: 'lane' }, clock.now());
  for (const token of inPocket) await expect(sessions.open(token, known)).rejects.toMatchObject({ code: 'GRANT_REVOKED' });
  await expect(sessions.open(others, known)).resolves.toBeDefined();
  clock.passes(1000);
  await expect(sessions.open(grant(), known)).resolves.toBeDefined();
});

test.each([
  ['the same said over and over', () => 'box:b2', 0],
  ['what others had revoked long ago', (i: number) => `box:x${i}`, 86_400_000],
])('%s takes the place of no revocation whose grants are still good', async (_what, viewer, agoMs) => {
  const inPocket = grant();
  sessions.revoke({ viewer: 'box:b1' }, clock.now());
  for (let i = 0; i < 12_000; i++) sessions.revoke({ viewer: viewer(i) }, clock.now() - agoMs);
  await expect(sessions.open(inPocket, known)).rejects.toMatchObject({ code: 'GRANT_REVOKED' });
});

test('an earlier revocation that is said again does not take the place of a later one', async () => {
  const inPocket = grant();
  sessions.revoke({ viewer: 'box:b1' }, clock.now());
  sessions.revoke({ viewer: 'box:b1' }, clock.now() - 1000);
  await expect(sessions.open(inPocket, known)).rejects.toMatchObject({ code: 'GRANT_REVOKED' });
});

test('a grant is older or newer than a revocation by the centre’s clock, whatever the node’s own says', async () => {
  const centre = clock.now() + 4000;
  const madeAt = (ms: number, sub: string) => grant({ sub, jti: uuid7(centre + ms) });
  const [before, after] = [madeAt(-1000, 'box:b1'), madeAt(1000, 'box:b1')];
  sessions.revoke({ viewer: 'box:b1' }, centre);
  await expect(sessions.open(before, known)).rejects.toMatchObject({ code: 'GRANT_REVOKED' });
  await expect(sessions.open(after, known)).resolves.toBeDefined();
  const behind = clock.now() - 4000;
  sessions.revoke({ viewer: 'box:b2' }, behind);
  await expect(sessions.open(grant({ sub: 'box:b2', jti: uuid7(behind + 1000) }), known)).resolves.toBeDefined();
});

describe('a session that is over is refused with the reason', () => {
  test.each([
    ['not renewed', () => clock.passes(60_000), 'SESSION_EXPIRED'],
    ['revoked', () => sessions.revoke({ cameraId: 'gate' }, clock.now()), 'GRANT_REVOKED'],
    ['given back', (secret: string) => sessions.end(secret), 'SESSION_INVALID'],
  ])('%s', async (_how, over, code) => {
    const token = grant();
    const { jti } = JSON.parse(token) as GrantClaims;
    const { secret } = await sessions.open(token, known);
    over(secret);
    for (const use of [() => sessions.check(secret, 'gate'), () => sessions.renew(secret)])
      expect(use).toThrow(expect.objectContaining({ code, grantId: jti }));
  });
});

describe('limits', () => {
  const limits = (over: Partial<SessionLimits>) => ({ all: 100, perCamera: 100, perViewer: 100, ...over });
  const enters = (cam: string, sub: string) => sessions.open(grant({ cam, sub }), known);

  test.each([
    ['of the node', limits({ all: 2 }), ['gate', 'box:c'], 'NODE_FULL'],
    ['of a camera', limits({ perCamera: 2 }), ['gate', 'box:c'], 'CAMERA_FULL'],
    ['of a viewer', limits({ perViewer: 1 }), ['lane', 'box:a'], 'VIEWER_FULL'],
  ] as const)('%s: who is one too many is told so, and has its grant still when there is room', async (_whose, limit, [cam, sub], code) => {
    sessions = make(undefined, limit);
    const { secret } = await enters('gate', 'box:a');
    await enters('gate', 'box:b');
    const token = grant({ cam, sub });
    await expect(sessions.open(token, known)).rejects.toMatchObject({ code });
    sessions.end(secret);
    await expect(sessions.open(token, known)).resolves.toBeDefined();
  });

  test('count those who watch, not those who once did', async () => {
    sessions = make(undefined, limits({ perCamera: 1 }));
    for (let i = 0; i < 5; i++) {
      await enters('gate', 'box:a');
      clock.passes(60_000);
    }
    expect(sessions.size).toBe(0);
  });
});

test('what a view was given is told with its end', async () => {
  const ends: number[] = [];
  const counting = new Sessions({
    clock,
    verify: async (token) => JSON.parse(token) as GrantClaims,
    events: {
      onStarted: () => {},
      onEnded: (s) => {
        counting.count(s.viewId, 5);
        ends.push(s.bytes);
      },
    },
  });
  const { secret, session } = await counting.open(grant(), known);
  counting.count(session.viewId, 1000);
  counting.end(secret);
  counting.count(session.viewId, 7);
  expect(ends).toEqual([1005]);
});
