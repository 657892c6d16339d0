/** Runs a command in a process group of its own: output to a log file, lines to a listener, ended as a whole when its time is up. */
import { spawn } from 'node:child_process';
import { closeSync, mkdirSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { createInterface } from 'node:readline';
import { logs, root } from './paths.mjs';

/**
 * @typedef {object} CommandOptions
 * @property {string} name names the log file
 * @property {string} [cwd]
 * @property {NodeJS.ProcessEnv} [env]
 * @property {number} [limitMs] ended after this time
 * @property {(line: string, end: (why: string) => void) => void} [onLine] gets each line of stdout and stderr, and a way to end the command
 * @property {(end: (why: string) => void) => () => void} [watch] may end it early; what it returns is called when the command is over
 */

/**
 * @typedef {object} CommandResult
 * @property {boolean} ok exit code 0
 * @property {number | null} code
 * @property {string | undefined} ended why we ended it ourselves
 * @property {string} tail the last lines of output
 * @property {string} log the file with all of it
 */

/** Asked to end, a command has this long to end what it started itself (ninja puts each compiler in a group of its own). */
const GRACE_MS = 2_000;

/** @type {Map<number, Promise<unknown>>} what runs, by its group */
const running = new Map();

/**
 * @param {string} command @param {string[]} args @param {CommandOptions} options
 * @returns {Promise<CommandResult>}
 */
export async function runCommand(command, args, options) {
  mkdirSync(logs, { recursive: true });
  const log = join(logs, `${options.name}.log`);
  const file = openSync(log, 'w');
  writeSync(file, `$ ${[command, ...args].join(' ')}\n`);
  const child = spawn(command, args, {
    cwd: options.cwd ?? root,
    env: options.env ?? process.env,
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  /** @type {string | undefined} */
  let ended;
  const end = (/** @type {string} */ why) => {
    ended ??= why;
    endGroup(child.pid);
  };
  /** @type {string[]} */
  const last = [];
  for (const stream of [child.stdout, child.stderr]) {
    createInterface({ input: stream }).on('line', (line) => {
      writeSync(file, `${line}\n`);
      last.push(line);
      if (last.length > 15) last.shift();
      options.onLine?.(line, end);
    });
  }
  const { limitMs } = options;
  const timer = limitMs ? setTimeout(() => end(`not done after ${limitMs / 1000} s`), limitMs) : undefined;
  const stopWatch = options.watch?.(end);
  const over = endOf(child);
  if (child.pid) running.set(child.pid, over);
  const { code, problem } = await over;
  clearTimeout(timer);
  stopWatch?.();
  if (child.pid) running.delete(child.pid);
  closeSync(file);
  if (problem) last.push(problem);
  return { ok: code === 0 && !ended, code, ended, tail: last.join('\n'), log };
}

/**
 * Resolves when the command has ended and all its output has been read; what is left of its group is killed.
 * @param {import('node:child_process').ChildProcess} child
 * @returns {Promise<{ code: number | null, problem?: string }>}
 */
function endOf(child) {
  return new Promise((resolve) => {
    child.on('error', (error) => resolve({ code: null, problem: error.message }));
    child.on('exit', () => signalGroup(child.pid, 'SIGKILL'));
    child.on('close', (code) => resolve({ code }));
  });
}

/**
 * Runs a command that should be quick. A command that is not there has the code null.
 * @param {string} command @param {string[]} args @param {NodeJS.ProcessEnv} [env]
 * @returns {Promise<{ code: number | null, stdout: string }>}
 */
export function output(command, args, env = process.env) {
  return new Promise((resolve) => {
    let stdout = '';
    const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'ignore'], timeout: 20_000, env });
    child.stdout.on('data', (data) => {
      stdout += data;
    });
    child.on('error', () => resolve({ code: null, stdout: '' }));
    child.on('close', (code) => resolve({ code, stdout }));
  });
}

/** Asks a group to end, and insists. @param {number | undefined} pid its leader */
function endGroup(pid) {
  signalGroup(pid, 'SIGTERM');
  setTimeout(() => signalGroup(pid, 'SIGKILL'), GRACE_MS).unref();
}

/** @param {number | undefined} pid @param {NodeJS.Signals} signal */
function signalGroup(pid, signal) {
  if (!pid) return;
  try {
    process.kill(-pid, signal);
  } catch {
    // It has ended already.
  }
}

/** Ends what still runs, for the signal handlers of set-up; resolves when it has ended, or could not be ended. */
export async function endRunningCommands() {
  for (const pid of running.keys()) endGroup(pid);
  const late = new Promise((resolve) => setTimeout(resolve, 2 * GRACE_MS).unref());
  await Promise.race([Promise.all(running.values()), late]);
}
