import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { binaryIn, cacheFolder, proofIn, removeLeftovers, store } from './cache.mjs';
import { packageFolder } from './package.mjs';
import { starts } from './prove.mjs';
import { applyChange, CHANGES } from './sources.mjs';
import { bindingRequest, isBindingSuccess, isStun } from './stun.mjs';

describe('the changes to the sources', () => {
  it.each(CHANGES)('$file has the place to change exactly once in the installed package', (change) => {
    const text = readFileSync(join(packageFolder, 'worker', change.file), 'utf8');
    expect(applyChange(text, change)).toContain(change.replace);
  });

  it('refuse a text that they were not made for', () => {
    const change = { file: 'a.cpp', find: 'old', replace: 'new', why: 'of a crash' };
    expect(() => applyChange('nothing', change)).toThrow('a.cpp: "old" was found 0 times, expected once (needed because of a crash)');
    expect(() => applyChange('old old', change)).toThrow('found 2 times');
  });
});

describe('the machine cache', () => {
  let dir: string;
  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), 'shouwang-cache-'));
  });
  afterEach(() => rmSync(dir, { recursive: true, force: true }));

  it('is outside the checkout, one folder a version and platform', () => {
    const folder = cacheFolder('3.27.1', { XDG_CACHE_HOME: dir });
    expect(folder.startsWith(`${dir}/shouwang/mediasoup-worker/3.27.1-`)).toBe(true);
    expect(cacheFolder('3.28.0', { XDG_CACHE_HOME: dir })).not.toBe(folder);
  });

  it('holds a binary together with its proof, and replaces a bad one', () => {
    const folder = cacheFolder('3.27.1', { XDG_CACHE_HOME: dir });
    const built = join(dir, 'built');
    writeFileSync(built, 'one');
    store(folder, built, { from: 'built', selfTest: 'good' });
    expect(proofIn(folder)).toEqual({ from: 'built', selfTest: 'good', size: 3 });
    expect(statSync(binaryIn(folder)).mode & 0o111).toBe(0o111);
    writeFileSync(built, 'another');
    store(folder, built, { from: 'built', selfTest: 'good' });
    expect(readFileSync(binaryIn(folder), 'utf8')).toBe('another');
  });

  it('does not take a binary of another size for the one that was proved', () => {
    const folder = cacheFolder('3.27.1', { XDG_CACHE_HOME: dir });
    const built = join(dir, 'built');
    writeFileSync(built, 'one');
    store(folder, built, { from: 'built', selfTest: 'good' });
    writeFileSync(binaryIn(folder), 'cut');
    expect(proofIn(folder)).toBeDefined();
    writeFileSync(binaryIn(folder), 'cu');
    expect(proofIn(folder)).toBeUndefined();
  });

  it('is rid of what an interrupted set-up left, and of nothing else', () => {
    const folder = cacheFolder('3.27.1', { XDG_CACHE_HOME: dir });
    for (const name of [
      `${folder}.build-abc/worker`,
      `${folder}.new-abc`,
      `${cacheFolder('3.28.0', { XDG_CACHE_HOME: dir })}.build-abc`,
      folder,
    ])
      mkdirSync(name, { recursive: true });
    removeLeftovers(folder);
    expect(readdirSync(dirname(folder)).sort()).toEqual([basename(folder), expect.stringMatching(/^3\.28\.0-.*\.build-abc$/)]);
  });

  it('does not take any program for a worker', async () => {
    expect(await starts('/bin/true')).toBe(false);
    expect(await starts(join(dir, 'nothing'))).toBe(false);
  });
});

describe('the nominating Binding request', () => {
  const request = bindingRequest({ usernameFragment: 'ufrag', password: 'secret' });

  it('is STUN whose length covers its attributes, and ends in a fingerprint', () => {
    expect(isStun(request)).toBe(true);
    expect(request.readUInt16BE(2)).toBe(request.length - 20);
    expect(request.readUInt16BE(request.length - 8)).toBe(0x8028);
    expect(isBindingSuccess(request)).toBe(false);
  });

  it('is not confused with DTLS or SRTP', () => {
    expect(isStun(Buffer.from([22, ...Array(30).fill(0)]))).toBe(false);
    expect(isStun(Buffer.from([0x80, ...Array(30).fill(0)]))).toBe(false);
  });
});
