import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

interface Locked {
  resolved?: string;
  link?: boolean;
  optionalDependencies?: Record<string, string>;
}

const { packages } = JSON.parse(readFileSync(new URL('../../package-lock.json', import.meta.url), 'utf8')) as {
  packages: Record<string, Locked>;
};

/** Where npm would find `name` from the package at `path`: the nearest node_modules upwards. */
function isLocked(path: string, name: string): boolean {
  for (let at = path; ; at = at.slice(0, Math.max(0, at.lastIndexOf('/node_modules/')))) {
    if (packages[`${at}${at === '' ? '' : '/'}node_modules/${name}`]) return true;
    if (at === '') return false;
  }
}

describe('package-lock.json', () => {
  it('holds every platform of packages with native binaries, so that npm ci works on each', () => {
    const missing = Object.entries(packages).flatMap(([path, entry]) =>
      Object.keys(entry.optionalDependencies ?? {})
        .filter((name) => !isLocked(path, name))
        .map((name) => `${name} of ${path}`),
    );
    expect(missing).toEqual([]);
  });

  it('names no host: packages come from whatever registry npm is set up with', () => {
    const hosts = Object.entries(packages).filter(([, entry]) => entry.resolved?.includes('://'));
    expect(hosts.map(([path]) => path)).toEqual([]);
  });
});
