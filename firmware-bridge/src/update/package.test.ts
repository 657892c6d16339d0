import { gunzipSync, gzipSync } from 'node:zlib';
import { createTar } from 'nanotar';
import { afterAll, describe, expect, it } from 'vitest';
import { pack } from '../../packaging/pack.ts';
import { Signer } from '../testing/signer.ts';
import { VersionedBox } from '../testing/versions.ts';
import { openPackage } from './package.ts';

const box = new VersionedBox();
const rules = { keys: [box.signer.trusted], current: '1.0.0', node: 20 };
const open = (packed: Uint8Array, more: Partial<typeof rules> = {}) => openPackage(packed, { ...rules, ...more });
const thrown = (run: () => unknown) => {
  try {
    run();
  } catch (error) {
    return String(error);
  }
  return 'nothing';
};
afterAll(() => box.remove());

/** The package with some bytes of its tar changed; the signature stays. */
function forged(from: string, to: string): Buffer {
  const tar = gunzipSync(box.packed('1.1.0'));
  const at = tar.indexOf(from);
  expect(at).toBeGreaterThan(0);
  tar.write(to, at);
  return gzipSync(tar);
}
const link = gzipSync(
  createTar([{ name: 'x/bridge.cjs', data: '1' }]).map((byte, i) => (i === 156 ? 0x32 : byte)), // typeflag `2`: a symbolic link
);

describe('a package', () => {
  it('that is signed, whole and newer is taken', () => {
    const { manifest, files } = open(box.packed('1.1.0'));
    expect(manifest.version).toBe('1.1.0');
    expect([...files.keys()].sort()).toEqual(['bridge.cjs', 'manifest.json', 'manifest.sig.json', 'tv-app/assets/a.js']);
    expect(open(box.packed('1.10.0'), { current: '1.9.9' }).manifest.version).toBe('1.10.0');
  });

  it('has the same bytes whoever makes it and when', () => {
    expect(box.packed('1.1.0').equals(box.packed('1.1.0'))).toBe(true);
  });

  it('ends with two empty blocks however long it is, as every tar wants', () => {
    for (let length = 0; length < 10_240; length += 512) {
      const tar = gunzipSync(pack([{ path: 'a', bytes: Buffer.alloc(length, 'x') }], { version: '1.1.0', node: 20 }));
      expect(tar.subarray(-1024).every((byte) => byte === 0)).toBe(true);
    }
  });

  it.each<[string, () => Uint8Array, string]>([
    ['without a signature', () => pack([{ path: 'bridge.cjs', bytes: Buffer.from('1') }], { version: '1.1.0', node: 20 }), 'BAD_PAYLOAD'],
    [
      'signed by somebody else under the same name',
      () => pack([], { version: '1.1.0', node: 20 }, { kid: 'maker', pem: new Signer().privatePem }),
      'SIGNATURE_INVALID: the signature',
    ],
    [
      'signed by a key that is not trusted',
      () => pack([], { version: '1.1.0', node: 20 }, { kid: 'x', pem: new Signer().privatePem }),
      'kid',
    ],
    ['signed with an unknown algorithm', () => forged('"Ed25519"', '"SM2"    '), 'SIGNATURE_INVALID: alg'],
    ['whose program was changed', () => forged('// 1.1.0', '// 9.9.9'), 'BAD_PAYLOAD: bridge.cjs: not what was signed'],
    ['whose manifest was changed', () => forged('"version": "1.1.0"', '"version": "9.1.0"'), 'SIGNATURE_INVALID'],
    ['with a file more', () => forged('/tv-app/assets/a.js', '/tv-app/assets/b.js'), 'not in the manifest'],
    ['with a path that leads out', () => box.packed('1.1.0', [{ path: '../../etc/passwd', bytes: Buffer.from('1') }]), 'BAD_PAYLOAD'],
    ['with a link in it', () => link, 'neither a file nor a folder'],
    ['cut short', () => box.packed('1.1.0').subarray(0, 400), 'BAD_PAYLOAD: not a whole package'],
    ['that is no archive', () => Buffer.from('hello'), 'BAD_PAYLOAD'],
    ['too large packed', () => Buffer.alloc(9 * 1024 * 1024), 'TOO_LARGE'],
    ['too large unpacked', () => gzipSync(Buffer.alloc(17 * 1024 * 1024)), 'TOO_LARGE'],
    ['of the same version', () => box.packed('1.0.0'), 'NOT_ALLOWED: 1.0.0 is not newer than 1.0.0'],
    ['of an older version', () => box.packed('0.99.99'), 'NOT_ALLOWED'],
    ['for a newer Node', () => box.packed('1.1.0', [], 22), 'NOT_ALLOWED: 1.1.0 needs Node 22'],
    ['without a program', () => pack([], { version: '1.1.0', node: 20 }, { kid: 'maker', pem: box.signer.privatePem }), 'BAD_PAYLOAD'],
  ])('%s is refused', (_, make, reason) => {
    expect(thrown(() => open(make()))).toContain(reason);
  });
});
