import { describe, expect, test } from 'vitest';
import { Authoriser, readChallenges } from './auth.ts';

/** RFC 7616, 3.9.1. */
const NONCE = '7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v';
const CNONCE = 'f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ';
const MUFASA = { user: 'Mufasa', password: 'Circle of Life' };

function responseOf(header: string): string {
  return /response="([0-9a-f]+)"/.exec(header)?.[1] ?? '';
}

describe('digest', () => {
  test.each([
    ['MD5', '8ca523f5e9506fed4657c9700eebdbec'],
    ['SHA-256', '753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1'],
  ])('answers the RFC’s %s example', (algorithm, expected) => {
    const [challenge] = readChallenges([
      `Digest realm="http-auth@example.org", qop="auth, auth-int", algorithm=${algorithm}, nonce="${NONCE}", opaque="FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS"`,
    ]);
    const header = new Authoriser(challenge!, MUFASA, CNONCE).header('GET', '/dir/index.html');
    expect(responseOf(header)).toBe(expected);
    expect(header).toContain('nc=00000001');
    expect(header).toContain('opaque="FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS"');
  });

  test('counts requests', () => {
    const [challenge] = readChallenges([`Digest realm="r", qop="auth", nonce="n"`]);
    const authoriser = new Authoriser(challenge!, MUFASA);
    authoriser.header('OPTIONS', '*');
    expect(authoriser.header('OPTIONS', '*')).toContain('nc=00000002');
  });

  test('without qop is the older form: no count, no nonce of ours', () => {
    const [challenge] = readChallenges(['Digest realm="r", nonce="n"']);
    const header = new Authoriser(challenge!, MUFASA).header('DESCRIBE', 'rtsp://h/p');
    expect(header).not.toMatch(/nc=|cnonce=|algorithm=/);
  });
});

describe('several challenges', () => {
  test('the strongest comes first, whether in one field or in several', () => {
    const order = (fields: string[]) => readChallenges(fields).map((c) => `${c.scheme}-${c.hash}`);
    expect(order(['Basic realm="a"', 'Digest realm="a", nonce="n"', 'Digest realm="a", nonce="n", algorithm=SHA-256'])).toEqual([
      'digest-sha256',
      'digest-md5',
      'basic-md5',
    ]);
    expect(order(['Basic realm="a, b", Digest realm="x", nonce="n,m"'])).toEqual(['digest-md5', 'basic-md5']);
  });

  test('what we cannot answer is left out', () => {
    expect(
      readChallenges(['Digest realm="a", nonce="n", algorithm=SHA-512-256', 'Bearer x', 'Digest realm="a", nonce="n", qop="auth-int"']),
    ).toEqual([]);
  });
});

test('basic sends user and password', () => {
  const [challenge] = readChallenges(['Basic realm="r"']);
  expect(new Authoriser(challenge!, { user: 'a', password: 'ü:b' }).header('PLAY', 'x')).toBe(
    `Basic ${Buffer.from('a:ü:b').toString('base64')}`,
  );
});
