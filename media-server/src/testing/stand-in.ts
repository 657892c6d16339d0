/** A program in ffmpeg's place, for test files: writes down the id of each of its processes, then does as a shell script says. */
import { chmodSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

export interface StandIn {
  path: string;
  /** Of its processes, in the order of their beginning. */
  pids(): number[];
  /** Those of them that have not ended. */
  alive(): number[];
}

/** `script`: it reads nothing and never ends, unless said. */
export function standIn(dir: string, script = 'exec sleep 1000'): StandIn {
  const path = join(dir, `stand-in-${Math.random().toString(36).slice(2)}.sh`);
  writeFileSync(path, `#!/bin/sh\necho $$ >> ${path}.pids\n${script}\n`);
  chmodSync(path, 0o755);
  const pids = () => (existsSync(`${path}.pids`) ? readFileSync(`${path}.pids`, 'utf8').trim().split('\n').map(Number) : []);
  return { path, pids, alive: () => pids().filter(isAlive) };
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
