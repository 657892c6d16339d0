/** Whether a worker binary is good: cheaply (it starts here at all), and fully (DTLS and media through it). */
import { join } from 'node:path';
import process from 'node:process';
import { output, runCommand } from '../command.mjs';
import { nodeBinary } from '../node.mjs';
import { root } from '../paths.mjs';

/** Started without its parent's version in the environment it exits with this code: see the worker's main.cpp. */
const NO_PARENT = 41;
const SELF_TEST_LIMIT_MS = 40_000;

/** Whether it can be executed here: right architecture, and all its shared libraries are there. Milliseconds. @param {string} binary */
export async function starts(binary) {
  const { MEDIASOUP_VERSION, ...env } = process.env;
  return (await output(binary, [], env)).code === NO_PARENT;
}

/**
 * The real thing, in a process of its own under the Node that mediasoup asks for.
 * @param {string} binary
 * @returns {Promise<{ ok: boolean, said: string }>}
 */
export async function selfTest(binary) {
  const script = join(root, 'scripts/setup/worker/self-test.mjs');
  const result = await runCommand(nodeBinary(), [script, binary], { name: 'worker-self-test', limitMs: SELF_TEST_LIMIT_MS });
  return { ok: result.ok, said: result.ended ?? result.tail };
}
