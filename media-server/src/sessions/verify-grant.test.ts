import { MAX_GRANT_S } from '@shouwang/protocol';
import { beforeEach, describe, expect, test, vi } from 'vitest';
import { TestCentre } from '../testing/centre.ts';
import { ManualClock } from '../testing/manual-clock.ts';
import { CentreKeys } from './keys.ts';
import { verifyGrant } from './verify-grant.ts';

let clock: ManualClock;
let centre: TestCentre;
let answer: () => unknown;
let fetches: number;
let keys: CentreKeys;

beforeEach(async () => {
  clock = new ManualClock();
  centre = await TestCentre.make();
  answer = () => centre.jwks;
  fetches = 0;
  keys = new CentreKeys({
    jwksUrl: 'http://centre/jwks',
    clock,
    fetchJson: async () => {
      fetches++;
      return answer();
    },
  });
});

const verify = (token: string) => verifyGrant(token, keys, clock.now());

describe('a grant', () => {
  test('of the centre is believed', async () => {
    const claims = await verify(await centre.grant({ now: clock.now(), cam: 'lane', sub: 'operator:zhiban' }));
    expect(claims).toMatchObject({ cam: 'lane', sub: 'operator:zhiban', iss: 'shouwang-centre' });
  });

  test('is good for its minute, give or take the clocks', async () => {
    const token = await centre.grant({ now: clock.now() });
    clock.passes(62_000);
    await expect(verify(token)).resolves.toBeDefined();
    clock.passes(6000);
    await expect(verify(token)).rejects.toMatchObject({ code: 'GRANT_EXPIRED' });
  });

  test('is good for as long as a centre may be told to make it', async () => {
    await expect(verify(await centre.grant({ now: clock.now(), validS: MAX_GRANT_S }))).resolves.toBeDefined();
  });

  test('from the future is refused, and the refusal says that the clocks differ', async () => {
    const ahead = (s: number) => centre.grant({ now: clock.now() + s * 1000 });
    await expect(verify(await ahead(5))).resolves.toBeDefined();
    await expect(verify(await ahead(7))).rejects.toMatchObject({
      code: 'GRANT_INVALID',
      grantId: expect.any(String),
      detail: "not valid yet: this node's clock is 7 s behind the centre's",
    });
  });

  test('signed by somebody else with the centre’s key id is not', async () => {
    const forger = await TestCentre.make('k1');
    await expect(verify(await forger.grant({ now: clock.now() }))).rejects.toMatchObject({ code: 'GRANT_INVALID' });
  });

  test.each([
    ['for another audience', { aud: 'someone-else' }],
    ['with a camera id that is none', { cam: '../etc' }],
    ['with an id that is no UUIDv7', { jti: 'again-and-again' }],
    ['with claims that nobody knows', { extra: { admin: true } }],
    ['that would be good for a day', { validS: 86_400 }],
    ['of a box, without masks', { sub: 'box:box-0001', extra: { unmasked: true } }],
  ])('%s is not', async (_what, wish) => {
    await expect(verify(await centre.grant({ now: clock.now(), ...wish }))).rejects.toMatchObject({ code: 'GRANT_INVALID' });
  });

  test.each(['', 'x', 'a.b.c', 'eyJhbGciOiJub25lIn0.eyJjYW0iOiJnYXRlIn0.'])('that is no signed token (%j) is not', async (token) => {
    await expect(verify(token)).rejects.toMatchObject({ code: 'GRANT_INVALID' });
  });
});

describe('the centre’s keys', () => {
  test('are fetched once', async () => {
    for (let i = 0; i < 5; i++) await verify(await centre.grant({ now: clock.now() }));
    expect(fetches).toBe(1);
  });

  test('are fetched again for a new key id: the centre changed its key', async () => {
    await verify(await centre.grant({ now: clock.now() }));
    clock.passes(10_000);
    centre = await TestCentre.make('k2');
    await expect(verify(await centre.grant({ now: clock.now() }))).resolves.toBeDefined();
    expect(fetches).toBe(2);
  });

  test('are not fetched for every made-up key id', async () => {
    for (let i = 0; i < 20; i++)
      await expect(verify(await centre.grant({ now: clock.now(), kid: `made-up-${i}` }))).rejects.toMatchObject({ code: 'GRANT_INVALID' });
    expect(fetches).toBe(1);
  });

  test('that cannot be fetched are no fault of the grant', async () => {
    answer = () => {
      throw new Error('connection refused');
    };
    const token = await centre.grant({ now: clock.now() });
    await expect(verify(token)).rejects.toMatchObject({ code: 'OFFLINE' });
    clock.passes(1000);
    answer = () => 'not keys';
    await expect(verify(token)).rejects.toMatchObject({ code: 'OFFLINE' });
    answer = () => centre.jwks;
    clock.passes(1000);
    await expect(verify(token)).resolves.toBeDefined();
  });

  test('are not asked for with every grant while the centre fails', async () => {
    answer = () => {
      throw new Error('500');
    };
    for (let i = 0; i < 20; i++)
      await expect(verify(await centre.grant({ now: clock.now(), kid: `made-up-${i}` }))).rejects.toMatchObject({ code: 'OFFLINE' });
    expect(fetches).toBe(1);
  });

  test('are good although one among them is broken', async () => {
    answer = () => ({ keys: [{ kty: 'OKP', crv: 'Ed25519', kid: 'broken', x: 7 }, centre.jwk] });
    await expect(verify(await centre.grant({ now: clock.now() }))).resolves.toBeDefined();
  });

  test('that the centre withdrew are good no longer than some minutes; a centre that is away changes nothing', async () => {
    const old = centre;
    await verify(await old.grant({ now: clock.now() }));
    clock.passes(600_000);
    answer = () => {
      throw new Error('connection refused');
    };
    await expect(verify(await old.grant({ now: clock.now() }))).resolves.toBeDefined();
    clock.passes(1000);
    answer = () => ({ keys: [] });
    await verify(await old.grant({ now: clock.now() }));
    await vi.waitFor(async () => expect(await verify(await old.grant({ now: clock.now() })).catch((e) => e.code)).toBe('GRANT_INVALID'));
  });

  test('are fetched again although the clock was set back', async () => {
    await verify(await centre.grant({ now: clock.now() }));
    const back = { now: () => clock.now() - offset, after: clock.after.bind(clock) };
    let offset = 0;
    const own = new CentreKeys({ jwksUrl: 'http://centre/jwks', clock: back, fetchJson: async () => centre.jwks });
    await own.find('k1');
    offset = 3_600_000;
    centre = await TestCentre.make('k2');
    await expect(own.find('k2')).resolves.toBeDefined();
  });
});
