/**
 * A version as it is shipped: `shouwang-bridge-<version>.tar.gz` with one folder of that name. `manifest.json` names every file with its SHA-256,
 * `manifest.sig.json` signs the bytes of the manifest. Nothing of a package is written anywhere before all of it was checked.
 */
import { createHash } from 'node:crypto';
import { gunzipSync } from 'node:zlib';
import { CodedError } from '@shouwang/protocol';
import { type Static, Type } from '@sinclair/typebox';
import { Value } from '@sinclair/typebox/value';
import { parseTar } from 'nanotar';
import { checkSignature, type TrustedKey } from '../signing/ed25519.ts';
import { compareVersions, VERSION } from './versions.ts';

export const MANIFEST = 'manifest.json';
export const SIGNATURE = 'manifest.sig.json';

/** Bytes, packed and unpacked: both are in memory for a moment, and a box has little. A version has about 1 MB. */
export const MAX_PACKED = 8 * 1024 * 1024;
const MAX_UNPACKED = 16 * 1024 * 1024;

export const Manifest = Type.Object(
  {
    name: Type.Literal('shouwang-bridge'),
    version: Type.String({ pattern: VERSION.source }),
    /** The oldest Node that runs it: its major version. */
    node: Type.Integer({ minimum: 18 }),
    files: Type.Array(
      Type.Object(
        {
          path: Type.String({ pattern: '^[A-Za-z0-9][A-Za-z0-9._-]*(/[A-Za-z0-9][A-Za-z0-9._-]*)*$', maxLength: 200 }),
          sha256: Type.String({ pattern: '^[0-9a-f]{64}$' }),
          executable: Type.Optional(Type.Literal(true)),
        },
        { additionalProperties: false },
      ),
      { minItems: 1, maxItems: 2000 },
    ),
  },
  { additionalProperties: false },
);
export type Manifest = Static<typeof Manifest>;

const ManifestSignature = Type.Object(
  { alg: Type.String(), kid: Type.String(), signature: Type.String() },
  { additionalProperties: false },
);

export interface Package {
  manifest: Manifest;
  /** Every file by its path inside the version's folder, the manifest and its signature too. */
  files: Map<string, Uint8Array>;
}

export interface PackageRules {
  keys: readonly TrustedKey[];
  /** The version that is in use; undefined: none. */
  current: string | undefined;
  /** Major version of this Node. */
  node: number;
}

/** Reads and checks a whole package. Throws TOO_LARGE, BAD_PAYLOAD, SIGNATURE_INVALID, NOT_ALLOWED (not newer; needs a newer Node). */
export function openPackage(packed: Uint8Array, rules: PackageRules): Package {
  const files = unpack(packed);
  const signature = readJson(files, SIGNATURE);
  if (!Value.Check(ManifestSignature, signature)) throw new CodedError('SIGNATURE_INVALID', `${SIGNATURE}: not a signature`);
  const bytes = files.get(MANIFEST);
  if (!bytes) throw new CodedError('BAD_PAYLOAD', `${MANIFEST} is missing`);
  checkSignature(rules.keys, bytes, signature);
  const manifest = readJson(files, MANIFEST);
  if (!Value.Check(Manifest, manifest)) throw new CodedError('BAD_PAYLOAD', `${MANIFEST}: not as expected`);
  checkFiles(manifest, files);
  if (manifest.node > rules.node)
    throw new CodedError('NOT_ALLOWED', `${manifest.version} needs Node ${manifest.node}, this is ${rules.node}`);
  if (rules.current !== undefined && compareVersions(manifest.version, rules.current) <= 0)
    throw new CodedError('NOT_ALLOWED', `${manifest.version} is not newer than ${rules.current}`);
  return { manifest, files };
}

function unpack(packed: Uint8Array): Map<string, Uint8Array> {
  if (packed.length > MAX_PACKED) throw new CodedError('TOO_LARGE', `at most ${MAX_PACKED} bytes`);
  try {
    // A copy: nanotar 0.3 reads from the beginning of the memory below, and a Buffer may begin elsewhere in it.
    const tar = new Uint8Array(gunzipSync(packed, { maxOutputLength: MAX_UNPACKED }));
    const files = new Map<string, Uint8Array>();
    for (const item of parseTar(tar)) {
      if (item.type === 'directory') continue;
      if (item.type !== 'file') throw new Error(`${item.name}: neither a file nor a folder`);
      const path = item.name.replace(/^\.?\/?[^/]+\//, '');
      if (files.has(path)) throw new Error(`${path}: twice`);
      files.set(path, item.data ?? new Uint8Array());
    }
    return files;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE')
      throw new CodedError('TOO_LARGE', `at most ${MAX_UNPACKED} bytes unpacked`);
    throw new CodedError('BAD_PAYLOAD', `not a whole package: ${(error as Error).message}`);
  }
}

function checkFiles(manifest: Manifest, files: Map<string, Uint8Array>): void {
  const named = new Map(manifest.files.map((f) => [f.path, f.sha256]));
  if (named.size !== manifest.files.length) throw new CodedError('BAD_PAYLOAD', 'the manifest names a file twice');
  for (const path of files.keys())
    if (path !== MANIFEST && path !== SIGNATURE && !named.has(path)) throw new CodedError('BAD_PAYLOAD', `${path}: not in the manifest`);
  for (const [path, sha256] of named) {
    const bytes = files.get(path);
    if (!bytes) throw new CodedError('BAD_PAYLOAD', `${path}: missing`);
    if (createHash('sha256').update(bytes).digest('hex') !== sha256) throw new CodedError('BAD_PAYLOAD', `${path}: not what was signed`);
  }
  if (!named.has('bridge.cjs')) throw new CodedError('BAD_PAYLOAD', 'bridge.cjs is missing');
}

function readJson(files: Map<string, Uint8Array>, path: string): unknown {
  try {
    return JSON.parse(Buffer.from(files.get(path) ?? []).toString('utf8'));
  } catch {
    throw new CodedError('BAD_PAYLOAD', `${path}: missing, or not JSON`);
  }
}
