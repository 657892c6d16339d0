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

/** @type {Set<number>} groups to end when we are told to end */
const running = new Set();

/**
 * @param {string} command @param {string[]} args @param {CommandOptions} options
 * @returns {Promise<CommandResult>}
 */
export function runCommand(command, args, options) {
  mkdirSync(logs, { recursive: true });
  const log = join(logs, `${options.name}.log`);
  const file = openSync(log, 'w');
  writeSync(file, `$ ${[command, ...args].join(' ')}\n`);
  return new Promise((resolve) => {
    const child = spawn(command, args, {
      cwd: options.cwd ?? root,
      env: options.env ?? process.env,
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true,
    });
    if (child.pid) running.add(child.pid);
    /** @type {string[]} */
    const last = [];
    /** @type {string | undefined} */
    let ended;
    const end = (/** @type {string} */ why) => {
      ended ??= why;
      endGroup(child.pid);
    };
    const limitMs = options.limitMs;
    const timer = limitMs ? setTimeout(() => end(`not done after ${limitMs / 1000} s`), limitMs) : undefined;
    const stopWatch = options.watch?.(end);
    for (const stream of [child.stdout, child.stderr]) {
      createInterface({ input: stream }).on('line', (line) => {
        writeSync(file, `${line}\n`);
        last.push(line);
        if (last.length > 15) last.shift();
        options.onLine?.(line, end);
      });
    }
    let over = false;
    const finish = (/** @type {number | null} */ code, /** @type {string | undefined} */ problem) => {
      if (over) return;
      over = true;
      clearTimeout(timer);
      stopWatch?.();
      endGroup(child.pid);
      if (child.pid) running.delete(child.pid);
      closeSync(file);
      resolve({ ok: code === 0 && !ended, code, ended, tail: [...last, ...(problem ? [problem] : [])].join('\n'), log });
    };
    child.on('error', (error) => finish(null, error.message));
    // `close`, not `exit`: all output has been read by then.
    child.on('close', (code) => finish(code, undefined));
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

/** @param {number | undefined} pid leader of a group that we started */
function endGroup(pid) {
  if (!pid) return;
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // It has ended already.
  }
}

/** Ends what still runs; for the signal handlers of set-up. */
export function endRunningCommands() {
  for (const pid of running) endGroup(pid);
}
