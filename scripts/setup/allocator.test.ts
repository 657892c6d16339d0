import { afterEach, describe, expect, it, vi } from 'vitest';
import { allocatorStep, jemallocLibrary } from './allocator.mjs';

afterEach(() => vi.unstubAllEnvs());

describe('the memory allocator', () => {
  it('is the one that a person names', async () => {
    vi.stubEnv('JEMALLOC_LIB', process.execPath);
    expect([jemallocLibrary(), await allocatorStep.needed()]).toEqual([process.execPath, undefined]);
  });

  it('is none, and none is installed, where a person wants none', async () => {
    vi.stubEnv('JEMALLOC_LIB', '');
    expect([jemallocLibrary(), await allocatorStep.needed()]).toEqual(['', undefined]);
  });

  it('that is named and not there stops the set-up, and says so', async () => {
    vi.stubEnv('JEMALLOC_LIB', '/nowhere/libjemalloc.so.2');
    await expect(allocatorStep.needed()).rejects.toThrow('JEMALLOC_LIB=/nowhere/libjemalloc.so.2 cannot be loaded');
  });
});
