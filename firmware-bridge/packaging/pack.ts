/** A folder of files becomes a package: manifest, signature, tar, gzip. The same files make the same bytes, whoever packs them and when. */
import { createHash, createPrivateKey, sign } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { createTar } from 'nanotar';
import { MANIFEST, type Manifest, SIGNATURE } from '../src/update/package.ts';

export interface PackFile {
  /** Inside the version's folder. */
  path: string;
  bytes: Uint8Array;
  executable?: true;
}

export interface SigningKey {
  kid: string;
  /** PKCS#8, PEM, Ed25519. */
  pem: string;
}

/** Seconds: what makes the archive is not what counts in it. */
const MTIME = 0;
/** Of the tar header's name field (ustar); nanotar cuts longer ones without a word. */
const MAX_NAME = 100;
/** An archive ends with two empty blocks of 512 bytes (POSIX.1-2017, pax, "ustar Interchange Format"); nanotar fills up to 10 KiB, which may be less. */
const END = Buffer.alloc(1024);

/** Without a key the package is for the first installation only: a box takes no update that is not signed. */
export function pack(files: readonly PackFile[], about: { version: string; node: number }, key?: SigningKey): Buffer {
  const sorted = [...files].sort((a, b) => (a.path < b.path ? -1 : 1));
  const manifest: Manifest = {
    name: 'shouwang-bridge',
    ...about,
    files: sorted.map(({ path, bytes, executable }) => ({
      path,
      sha256: createHash('sha256').update(bytes).digest('hex'),
      ...(executable ? { executable } : {}),
    })),
  };
  const bytes = Buffer.from(`${JSON.stringify(manifest, null, 1)}\n`);
  const all: PackFile[] = [...sorted, { path: MANIFEST, bytes }];
  if (key) all.push({ path: SIGNATURE, bytes: signed(bytes, key) });
  const folder = `shouwang-bridge-${about.version}`;
  const tooLong = all.find((f) => Buffer.byteLength(`${folder}/${f.path}`) > MAX_NAME);
  if (tooLong) throw new Error(`${tooLong.path}: a name in the archive has at most ${MAX_NAME} bytes`);
  const tar = createTar(
    all.map((f) => ({ name: `${folder}/${f.path}`, data: f.bytes, attrs: { mode: f.executable ? '755' : '644' } })),
    { attrs: { uid: 0, gid: 0, user: 'root', group: 'root', mtime: MTIME } },
  );
  return gzipSync(Buffer.concat([tar, END]), { level: 9 });
}

function signed(bytes: Uint8Array, { kid, pem }: SigningKey): Buffer {
  const key = createPrivateKey(pem);
  if (key.asymmetricKeyType !== 'ed25519') throw new Error('the key is not an Ed25519 key');
  return Buffer.from(`${JSON.stringify({ alg: 'Ed25519', kid, signature: sign(null, bytes, key).toString('base64') })}\n`);
}
