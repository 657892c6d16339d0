/**
 * Makes a buildable copy of the worker's sources (never touching node_modules): the libraries that its build would download are
 * replaced by small subprojects of ours that name the distribution's (see `subprojects/`), and two lines are changed.
 */
import { cpSync, existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ours = join(dirname(fileURLToPath(import.meta.url)), 'subprojects');

/** @typedef {{ file: string, find: string, replace: string, why: string }} Change */

/** @type {Change[]} */
export const CHANGES = [
  {
    file: 'meson.build',
    find: "meson_version: '>= 1.1.0'",
    replace: "meson_version: '>= 1.0.0'",
    why: 'Debian 12 has meson 1.0.1, and nothing in this file needs 1.1',
  },
  {
    file: 'src/RTC/DtlsTransport.cpp',
    find: '(operationType == BIO_CB_RETURN) ?',
    replace: '(operationType & BIO_CB_RETURN) ?',
    why:
      'the callback overwrites the result of every BIO_ctrl with 1. An OpenSSL with kernel TLS (Debian has it) then takes ' +
      'BIO_CTRL_GET_KTLS_SEND for "yes", allocates no write buffer, and the first DTLS flight writes to address 0',
  },
];

/** @param {string} worker the package's `worker/` @param {string} target an empty folder */
export function copySources(worker, target) {
  cpSync(worker, target, { recursive: true, filter: (source) => !/[/\\]worker[/\\](out|deps)$/.test(source) });
  for (const name of readdirSync(ours)) {
    const wrap = readFileSync(join(target, 'subprojects', `${name}.wrap`), 'utf8');
    const folder = /^directory = (.+)$/m.exec(wrap)?.[1];
    if (!folder) throw new Error(`${name}.wrap names no directory: has the mediasoup package changed?`);
    // Where the directory exists meson uses it and downloads nothing.
    cpSync(join(ours, name), join(target, 'subprojects', folder), { recursive: true });
  }
  for (const change of CHANGES) {
    const file = join(target, change.file);
    if (!existsSync(file)) throw new Error(`${change.file} is not in the mediasoup package: has it changed?`);
    writeFileSync(file, applyChange(readFileSync(file, 'utf8'), change));
  }
}

/** The text with exactly one place changed; refuses a text that is not the one the change was made for. @param {string} text @param {Change} change */
export function applyChange(text, change) {
  const places = text.split(change.find).length - 1;
  if (places !== 1)
    throw new Error(`${change.file}: "${change.find}" was found ${places} times, expected once (needed because ${change.why})`);
  return text.replace(change.find, () => change.replace);
}
