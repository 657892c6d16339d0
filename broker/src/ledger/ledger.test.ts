import { createPrivateKey, createPublicKey } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { newEd25519Pem } from '../grants/keys.ts';
import { canonicalJson } from './canonical-json.ts';
import { type ChainedRow, chain, GENESIS } from './chain.ts';
import { headIsSigned, signHead } from './heads.ts';
import { verifyLedger } from './verify.ts';

describe('canonical JSON', () => {
  it.each<[unknown, string]>([
    [{ b: 1, a: 2 }, '{"a":2,"b":1}'],
    [
      { '\u20ac': 1, '\r': 2, '\u05d0': 3, '1': 4, '\ud83d\ude00': 5, '\u0080': 6, '\u00f6': 7 },
      '{"\\r":2,"1":4,"\u0080":6,"ö":7,"א":3,"€":1,"😀":5}',
    ],
    [[333333333.3333333, 1e30, 4.5, 2e-3, 0.000000000000000000000000001], '[333333333.3333333,1e+30,4.5,0.002,1e-27]'],
    [{ a: undefined, b: null, c: [true, '"'] }, '{"b":null,"c":[true,"\\""]}'],
  ])('%# as RFC 8785 writes it', (value, text) => {
    expect(canonicalJson(value)).toBe(text);
  });

  it('refuses what JSON cannot say', () => {
    expect(() => canonicalJson(Number.NaN)).toThrow(TypeError);
    expect(() => canonicalJson({ f: () => 1 })).toThrow(TypeError);
  });
});

const pem = newEd25519Pem();
const publicKey = createPublicKey(createPrivateKey(pem));

function ledger(length: number, everyMs = 1): ChainedRow[] {
  const rows: ChainedRow[] = [];
  for (let i = 0; i < length; i++) {
    const previous = rows.at(-1);
    rows.push(
      chain(previous ?? { n: 0, hash: GENESIS }, {
        at: 1000 + i * everyMs,
        kind: 'case.signed',
        subject: `case:${i}`,
        data: { by: 'operator-x', i },
      }),
    );
  }
  return rows;
}

describe('verifying the ledger', () => {
  it('a whole chain with a signed head is whole', () => {
    const rows = ledger(5);
    const head = signHead(pem, { n: 3, hash: rows[2]!.hash, at: 1 });
    expect(verifyLedger(rows, [head], publicKey)).toMatchObject({ ok: true, rows: 5, signedUpTo: 3, problems: [] });
    expect(verifyLedger([], [], publicKey)).toMatchObject({ ok: true, rows: 0, head: GENESIS });
  });

  it('heads that were taken away show by the rows that they should cover', () => {
    const rows = ledger(900, 1000);
    const head = (n: number) => signHead(pem, { n, hash: rows[n - 1]!.hash, at: 1 });
    const verdict = (...heads: number[]) => verifyLedger(rows, heads.map(head), publicKey).problems;
    expect(verdict()).toEqual(['all signed heads are missing']);
    expect(verdict(60, 120)).toEqual(['the signed heads after row 120 are missing']);
    expect(verdict(60, 890)).toEqual([]);
    expect(verifyLedger(rows.slice(0, 60), [], publicKey)).toMatchObject({ ok: true, signedUpTo: 0 });
  });

  it.each<[string, (rows: ChainedRow[]) => ChainedRow[], RegExp]>([
    ['an event was changed', (r) => with_(r, 1, { event: r[1]!.event.replace('operator-x', 'operator-y') }), /row 2: its hash/],
    ['a row was taken out', (r) => r.filter((x) => x.n !== 3), /row 4 follows row 2/],
    ['a row was put in', (r) => [...r.slice(0, 2), { ...r[1]! }, ...r.slice(2)], /row 2 follows row 2/],
    ['rows changed places', (r) => [r[1]!, r[0]!, ...r.slice(2)], /row 2 follows row 0/],
    ['a column was changed', (r) => with_(r, 1, { kind: 'case.closed' }), /row 2: its columns/],
    ['a hash was changed', (r) => with_(r, 4, { hash: 'f'.repeat(64) }), /row 5: its hash/],
    ['the end was cut off', (r) => r.slice(0, 3), /row 5 was signed and is missing/],
    [
      'all was written anew',
      () =>
        ledger(5)
          .map((r) => r)
          .reduce(rewritten, []),
      /differs from the signed head/,
    ],
  ])('finds that %s', (_what, tamper, problem) => {
    const rows = ledger(5);
    const head = signHead(pem, { n: 5, hash: rows[4]!.hash, at: 1 });
    const result = verifyLedger(tamper(rows), [head], publicKey);
    expect(result.ok).toBe(false);
    expect(result.problems.join('\n')).toMatch(problem);
  });

  it('a head signed by another key, or with another algorithm, is not valid', () => {
    const rows = ledger(2);
    const other = signHead(newEd25519Pem(), { n: 2, hash: rows[1]!.hash, at: 1 });
    expect(verifyLedger(rows, [other], publicKey).ok).toBe(false);
    const head = signHead(pem, { n: 2, hash: rows[1]!.hash, at: 1 });
    expect(headIsSigned(publicKey, head)).toBe(true);
    expect(headIsSigned(publicKey, { ...head, alg: 'none' })).toBe(false);
    expect(headIsSigned(publicKey, { ...head, at: 2 })).toBe(false);
  });
});

function with_(rows: ChainedRow[], i: number, change: Partial<ChainedRow>): ChainedRow[] {
  return rows.map((r, j) => (i === j ? { ...r, ...change } : r));
}

/** A chain that is whole in itself, of other events. */
function rewritten(rows: ChainedRow[], r: ChainedRow): ChainedRow[] {
  return [...rows, chain(rows.at(-1) ?? { n: 0, hash: GENESIS }, { at: r.at, kind: r.kind, subject: r.subject, data: { forged: true } })];
}
