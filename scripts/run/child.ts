/** Starts one of our processes: in a group of its own, its output in a log file, a channel by which it says that it is ready. */
import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, existsSync, mkdirSync, openSync, renameSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Child, ChildEnd } from './supervised.ts';

/** Enough for the one clear line with which a service refuses to start, and for a short stack. */
const LAST_LINES = 12;
/** A process that has left the group may hold the output open for ever. */
const OUTPUT_LIMIT_MS = 500;

export interface ChildOptions {
  main: string;
  args: string[];
  cwd: string;
  env: NodeJS.ProcessEnv;
  logFile: string;
}

/**
 * The group keeps a terminal's Ctrl-C from reaching the child (it is ended by us, in order), and lets `kill` take what it started
 * (mediasoup's worker, ffmpeg). When we die, the closed channel tells the child to end by itself.
 */
export function spawnChild({ main, args, cwd, env, logFile }: ChildOptions): Child {
  const log = openSync(logFile, 'a', 0o600);
  const child = spawn(process.execPath, [main, ...args], { cwd, env, detached: true, stdio: ['ignore', log, 'pipe', 'ipc'] });
  const last: string[] = [];
  let open = true;
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    if (open) writeSync(log, text);
    last.push(...text.split('\n').filter((line) => line.trim() !== ''));
    last.splice(0, Math.max(0, last.length - LAST_LINES));
  });
  const ended = endOf(child);
  void ended.then(() => {
    open = false;
    closeSync(log);
  });
  return {
    get pid() {
      return child.pid;
    },
    onMessage: (listener) => void child.on('message', listener),
    ended,
    lastWords: () => last.join('\n'),
    end: () => void child.kill('SIGTERM'),
    kill: () => killGroup(child.pid),
  };
}

/** Resolves after the last line of output; what the child started and left behind is killed, for it may hold the output open. */
function endOf(child: ChildProcess): Promise<ChildEnd> {
  return new Promise((resolve) => {
    child.once('error', (error) => resolve({ code: null, signal: error.message }));
    child.once('exit', (code, signal) => {
      killGroup(child.pid);
      const end = { code, signal };
      const late = setTimeout(() => resolve(end), OUTPUT_LIMIT_MS);
      child.once('close', () => {
        clearTimeout(late);
        resolve(end);
      });
    });
  });
}

/** The previous run's log is kept beside the new one. */
export function freshLog(file: string): void {
  mkdirSync(dirname(file), { recursive: true });
  if (existsSync(file)) renameSync(file, `${file}.previous`);
}

function killGroup(pid: number | undefined): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // Nobody of the group is left.
  }
}
