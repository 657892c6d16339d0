import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { afterEach, describe, expect, it } from 'vitest';

const launcher = new URL('./launch.mjs', import.meta.url).href;

/** The program that is launched: says what it hears, ends when told to by a line of its own. */
const PROGRAM = `
  for (const s of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(s, () => { console.log('heard ' + s); if (s !== 'SIGINT') process.exit(3); });
  process.on('disconnect', () => { console.log('alone'); process.exit(0); });
  console.log('program ' + process.pid);
  setInterval(() => undefined, 1000);
`;

let outer: ChildProcess | undefined;
afterEach(() => {
  outer?.kill('SIGKILL');
});

/** A process that launches the program, as scripts/start.mjs does, and the lines that come out of it. */
async function launched() {
  const script = `
    import { launch } from ${JSON.stringify(launcher)};
    process.exitCode = await launch(process.execPath, ['-e', ${JSON.stringify(PROGRAM)}], process.env, { ipc: true });
  `;
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], { stdio: ['ignore', 'pipe', 'inherit'] });
  outer = child;
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const next = async () => (await lines.next()).value as string | undefined;
  expect(await next()).toMatch(/^program \d+$/);
  return { child, next };
}

describe('a launched program', () => {
  it('hears one Ctrl-C once, though terminal and npm both send it, and its exit code is ours', async () => {
    const { child, next } = await launched();
    child.kill('SIGINT');
    child.kill('SIGINT');
    expect(await next()).toBe('heard SIGINT');
    child.kill('SIGTERM');
    expect(await next()).toBe('heard SIGTERM');
    expect(await once(child, 'exit')).toEqual([3, null]);
  });

  it('knows when whoever launched it has been killed', async () => {
    const { child, next } = await launched();
    child.kill('SIGKILL');
    expect(await next()).toBe('alone');
  });
});
