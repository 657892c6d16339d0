#!/usr/bin/env node
/**
 * Checks a clip against its signed manifest: `node scripts/verify.mjs FILE MANIFEST [--key FILE]`. Needs nothing but Node 18 or
 * newer: it can be copied to any machine. What is in a manifest: docs/evidence.md.
 * Exit code: 0 accepted, 1 rejected, 2 could not be checked (a file is missing, wrong arguments).
 */
import { createHash, createPublicKey, verify } from 'node:crypto';
import { closeSync, fstatSync, openSync, readFileSync, readSync } from 'node:fs';
import { parseArgs } from 'node:util';

const FORMAT = 'cn.shouwang.evidence.v1';
const USAGE = 'Usage: npm run verify -- FILE MANIFEST [--key FILE]';
const PIECE = 1024 * 1024;

class Rejected extends Error {}
class NotChecked extends Error {}

/** @typedef {{ bytes: number, sha256: string }} Hashed */
/** @typedef {{ from: string, to: string }} Range */
/**
 * @typedef {{ format: string, alg: string, kid: string, publicKey: string, integrity: string, node: string, caseNo: string,
 *   clipId: string, part: number, camera: { id: string, name: string }, received: Range, gaps: Range[], frames: number,
 *   file: Hashed, header: Hashed, segments: (Hashed & Range & { offset: number })[], signature: string }} Manifest
 */

/** @type {(zh: string, en: string) => never} */
function reject(zh, en) {
  throw new Rejected(`${zh} ${en}`);
}
/** @param {import('node:crypto').BinaryLike} bytes */
const sha256 = (bytes) => createHash('sha256').update(bytes).digest('hex');
/** @param {unknown} error */
const words = (error) => (error instanceof Error ? error.message : String(error));

function main() {
  const { file, manifest: path, key } = readArguments();
  const { manifest, body } = readManifest(path);
  const publicKey = readEmbeddedKey(manifest);
  checkSignature(manifest, body, publicKey);
  if (key) checkTrustedKey(key, manifest);
  checkFile(file, manifest);
  report(manifest, Boolean(key));
}

function readArguments() {
  try {
    const { values, positionals } = parseArgs({ allowPositionals: true, options: { key: { type: 'string' } } });
    const [file, manifest] = positionals;
    if (!file || !manifest || positionals.length > 2) throw new Error('expected FILE and MANIFEST');
    return { file, manifest, key: values.key };
  } catch (error) {
    throw new NotChecked(`${words(error)}\n${USAGE}`);
  }
}

/** @param {string} path */
function readBytes(path) {
  try {
    return readFileSync(path);
  } catch (error) {
    throw new NotChecked(`无法读取 cannot read ${path}: ${words(error)}`);
  }
}

/**
 * The manifest's text must be its own exact form: not even a blank may have been changed.
 * @param {string} path
 * @returns {{ manifest: Manifest, body: string }}
 */
function readManifest(path) {
  const text = readBytes(path).toString('utf8');
  let manifest;
  try {
    manifest = JSON.parse(text);
  } catch {
    reject('清单已损坏或被改动。', 'The manifest is damaged or was changed: it is no JSON.');
  }
  /** @param {unknown} value */
  const exact = (value) => `${JSON.stringify(value, null, 2)}\n`;
  if (typeof manifest !== 'object' || manifest === null || exact(manifest) !== text)
    reject('清单已损坏或被改动。', 'The manifest is damaged or was changed: it is not in its exact form.');
  if (manifest.format !== FORMAT) reject('不认识的清单格式。', `The manifest has another format than ${FORMAT}.`);
  if (manifest.alg !== 'Ed25519') reject('不认识的签名算法。', `The manifest names another algorithm than Ed25519: ${manifest.alg}.`);
  const { signature: _signature, ...rest } = manifest;
  return { manifest, body: exact(rest) };
}

/** @param {Manifest} manifest */
function readEmbeddedKey({ publicKey, kid }) {
  const der = Buffer.from(String(publicKey), 'base64');
  if (der.toString('base64') !== publicKey || sha256(der) !== kid)
    reject('清单被改动：公钥与编号不符。', 'The manifest was changed: its public key does not match its key id.');
  try {
    return createPublicKey({ key: der, format: 'der', type: 'spki' });
  } catch {
    return reject('清单被改动：公钥无效。', 'The manifest was changed: its public key is not valid.');
  }
}

/** @type {(manifest: Manifest, body: string, publicKey: import('node:crypto').KeyObject) => void} */
function checkSignature({ signature }, body, publicKey) {
  const bytes = Buffer.from(String(signature), 'base64url');
  // One signature has one spelling: bits that decode to nothing may not differ either.
  const spelled = bytes.length === 64 && bytes.toString('base64url') === signature;
  if (!spelled || publicKey.asymmetricKeyType !== 'ed25519' || !verify(null, Buffer.from(body, 'utf8'), publicKey, bytes))
    reject('签名无效：清单或签名被改动。', 'The signature is not valid: the manifest or the signature was changed.');
}

/**
 * PEM, or what the centre gives under /api/v1/evidence-keys: one key or the list.
 * @type {(path: string, manifest: Manifest) => void}
 */
function checkTrustedKey(path, { kid, node }) {
  const text = readBytes(path).toString('utf8').trim();
  const trusted = text.startsWith('-----') ? [sha256(spki(text, path))] : listed(text, path);
  if (!trusted.includes(kid))
    reject('签名所用的密钥不是给定的密钥。', `Signed with another key (${kid}, said to be of node ${node}) than the one given.`);
}

/** @type {(pem: string, path: string) => Buffer} */
function spki(pem, path) {
  try {
    return createPublicKey(pem).export({ type: 'spki', format: 'der' });
  } catch (error) {
    throw new NotChecked(`${path}: ${words(error)}`);
  }
}

/** @type {(text: string, path: string) => string[]} */
function listed(text, path) {
  try {
    const value = JSON.parse(text);
    const keys = /** @type {{ publicKey: string }[]} */ (value.keys ?? [value]);
    return keys.map((k) => sha256(Buffer.from(k.publicKey, 'base64')));
  } catch (error) {
    throw new NotChecked(`${path}: expected a PEM public key, or the centre's list of keys: ${words(error)}`);
  }
}

/**
 * Reads the file once: each segment's hash, then the whole one's.
 * @type {(path: string, manifest: Manifest) => void}
 */
function checkFile(path, manifest) {
  const { file, header, segments } = manifest;
  let fd;
  try {
    fd = openSync(path, 'r');
  } catch (error) {
    throw new NotChecked(`无法读取 cannot read ${path}: ${words(error)}`);
  }
  try {
    const { size } = fstatSync(fd);
    if (size !== file.bytes) reject('录像文件大小不符。', `The file has ${size} bytes, the manifest says ${file.bytes}.`);
    const whole = createHash('sha256');
    const sections = [{ name: 'header', from: '', offset: 0, ...header }, ...segments.map((s, i) => ({ ...s, name: `segment ${i + 1}` }))];
    let at = 0;
    for (const section of sections) {
      if (section.offset !== at) reject('清单前后矛盾。', `The manifest contradicts itself at ${section.name}.`);
      if (hashOf(fd, at, section.bytes, whole) !== section.sha256)
        reject('录像文件被改动。', `The file was changed in ${section.name}${section.from ? ` (from ${section.from})` : ''}.`);
      at += section.bytes;
    }
    if (at !== size) reject('录像文件比清单长。', 'The file is longer than its segments.');
    if (whole.digest('hex') !== file.sha256) reject('录像文件被改动。', 'The file was changed: its hash differs.');
  } finally {
    closeSync(fd);
  }
}

/** @type {(fd: number, from: number, bytes: number, whole: import('node:crypto').Hash) => string} */
function hashOf(fd, from, bytes, whole) {
  const hash = createHash('sha256');
  const buffer = Buffer.alloc(Math.min(PIECE, bytes));
  for (let at = 0; at < bytes; ) {
    const read = readSync(fd, buffer, 0, Math.min(buffer.length, bytes - at), from + at);
    if (read === 0) break;
    hash.update(buffer.subarray(0, read));
    whole.update(buffer.subarray(0, read));
    at += read;
  }
  return hash.digest('hex');
}

/** @type {(m: Manifest, trusted: boolean) => void} */
function report(m, trusted) {
  const lines = [
    '通过 Accepted: the file and the manifest are as they were signed.',
    `  案件 case ${m.caseNo}, 摄像头 camera ${m.camera.id} ${m.camera.name}, 录像 clip ${m.clipId} (${m.part})`,
    `  收到 received ${m.received.from} … ${m.received.to}, ${m.frames} 帧 frames in ${m.segments.length} segments`,
    ...m.gaps.map((g) => `  缺失 missing ${g.from} … ${g.to}`),
    `  节点 node ${m.node}, 密钥 key ${m.kid}`,
    `  ${m.integrity}`,
  ];
  if (!trusted)
    lines.push(
      '  注意：没有给出可信的密钥（--key）。 Mind: no trusted key was given (--key); compare the key above with the centre’s list of keys.',
    );
  process.stdout.write(`${lines.join('\n')}\n`);
}

try {
  main();
} catch (error) {
  if (error instanceof Rejected) {
    process.stderr.write(`不通过 Rejected: ${error.message}\n`);
    process.exitCode = 1;
  } else {
    process.stderr.write(
      `无法检查 Not checked: ${error instanceof NotChecked ? error.message : error instanceof Error ? error.stack : error}\n`,
    );
    process.exitCode = 2;
  }
}
