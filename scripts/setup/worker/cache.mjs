/** The machine cache of mediasoup-worker: one folder a mediasoup version, platform and recipe, with a note of what was proved. */
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import process from 'node:process';
import { machineCache } from '../paths.mjs';
import { platformKey } from '../platform.mjs';

/** Raised when the way we build changes, so that an older build is not taken for the new one. */
const RECIPE = 1;

/** @param {string} mediasoupVersion @param {NodeJS.ProcessEnv} [env] */
export function cacheFolder(mediasoupVersion, env = process.env) {
  return join(machineCache(env), 'mediasoup-worker', `${mediasoupVersion}-${platformKey()}-r${RECIPE}`);
}

/** @param {string} folder */
export function binaryIn(folder) {
  return join(folder, process.platform === 'win32' ? 'mediasoup-worker.exe' : 'mediasoup-worker');
}

/**
 * @typedef {object} Proof
 * @property {string} from where the binary came from
 * @property {string} selfTest what the self-test said
 * @property {number} size bytes: a binary of another size is not the one that was proved
 */

/** The proof that belongs to the binary in this folder, if there is one. @param {string} folder @returns {Proof | undefined} */
export function proofIn(folder) {
  try {
    const proof = JSON.parse(readFileSync(join(folder, 'proved.json'), 'utf8'));
    return proof.size === statSync(binaryIn(folder)).size ? proof : undefined;
  } catch {
    return undefined;
  }
}

/** Removes what an interrupted set-up left beside the folder. Only under the cache's lock. @param {string} folder */
export function removeLeftovers(folder) {
  const parent = dirname(folder);
  if (!existsSync(parent)) return;
  const prefixes = ['new', 'build'].map((kind) => `${basename(folder)}.${kind}-`);
  for (const name of readdirSync(parent)) {
    if (prefixes.some((prefix) => name.startsWith(prefix))) rmSync(join(parent, name), { recursive: true, force: true });
  }
}

/** Puts a proved binary in its place, whole or not at all. @param {string} folder @param {string} binary @param {Omit<Proof, 'size'>} proof */
export function store(folder, binary, proof) {
  mkdirSync(dirname(folder), { recursive: true });
  const fresh = mkdtempSync(`${folder}.new-`);
  try {
    copyFileSync(binary, binaryIn(fresh));
    chmodSync(binaryIn(fresh), 0o755);
    writeFileSync(join(fresh, 'proved.json'), JSON.stringify({ ...proof, size: statSync(binary).size }, null, 2));
    chmodSync(fresh, 0o755);
    // A folder cannot replace a full one: the old one, which was not good, goes first. Both happen under the cache's lock.
    rmSync(folder, { recursive: true, force: true });
    renameSync(fresh, folder);
  } finally {
    rmSync(fresh, { recursive: true, force: true });
  }
}
