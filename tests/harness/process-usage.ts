/** What processes use, from Linux's /proc. */
import { readdirSync, readFileSync } from 'node:fs';

/** USER_HZ, which is 100 on every Linux that Node runs on (time(7)). */
const TICKS_PER_S = 100;

/** A process and all that it started, and they. */
export function familyOf(pid: number): number[] {
  const parents = new Map<number, number>();
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    const parent = statOf(Number(name))?.[1];
    if (parent !== undefined) parents.set(Number(name), Number(parent));
  }
  const family = [pid];
  // Grows while it is walked.
  for (const one of family) for (const [child, parent] of parents) if (parent === one) family.push(child);
  return family;
}

/** Seconds of one core that they have used so far; those that have ended count nothing. */
export function cpuSeconds(pids: readonly number[]): number {
  return pids.reduce((sum, pid) => {
    const stat = statOf(pid);
    return stat ? sum + (Number(stat[11]) + Number(stat[12])) / TICKS_PER_S : sum;
  }, 0);
}

/** Seconds of one core that the children of a process used which have ended. */
export function endedChildrenCpuSeconds(pid: number): number {
  const stat = statOf(pid);
  return stat ? (Number(stat[13]) + Number(stat[14])) / TICKS_PER_S : 0;
}

/** Proportional set size in all, bytes: what is shared with others counts in part. Those that have ended count nothing. */
export function pssBytes(pids: readonly number[]): number {
  return pids.reduce((sum, pid) => sum + number(pid, 'smaps_rollup', /^Pss:\s+(\d+) kB/m) * 1024, 0);
}

export function residentBytes(pid: number): number {
  return number(pid, 'status', /^VmRSS:\s+(\d+) kB/m) * 1024;
}

/** How many files, sockets and pipes it has open. */
export function descriptors(pid: number): number {
  return readdirSync(`/proc/${pid}/fd`).length;
}

/** Fields of proc(5) `stat` from the state on, which is 0: the name before it may hold anything. */
function statOf(pid: number): string[] | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return text.slice(text.lastIndexOf(')') + 2).split(' ');
  } catch {
    return undefined;
  }
}

function number(pid: number, file: string, pattern: RegExp): number {
  try {
    return Number(pattern.exec(readFileSync(`/proc/${pid}/${file}`, 'utf8'))?.[1] ?? 0);
  } catch {
    return 0;
  }
}
