import { afterAll } from 'vitest';

/**
 * What is to be closed when the tests of this file, or of this `describe`, are over, the last opened first. Call it there, and not in
 * `beforeAll`: an `afterAll` that comes from inside a hook is never run.
 */
export function atTheEnd(): (clean: () => void | Promise<void>) => void {
  const cleaners: (() => void | Promise<void>)[] = [];
  afterAll(async () => {
    for (const clean of cleaners.reverse()) await clean();
  });
  return (clean) => void cleaners.push(clean);
}
