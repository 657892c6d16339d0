/** Whether a process gave back the memory that a fault made it take. */
import { readFileSync } from 'node:fs';
import { until } from '../harness/until.ts';

const ALLOWED = 1.2;
/** An idle Node collects its garbage by and by. */
const PATIENCE_MS = 90_000;

/** Resident set, bytes. */
export function residentBytes(pid: number): number {
  const kb = /^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
  return Number(kb) * 1024;
}

/** Waits until the process is within 20 % of `before`; gives the ratio. Throws when it never gets there. */
export async function givesMemoryBack(pid: number, before: number): Promise<number> {
  await until(
    `the process is back to 120 % of ${Math.round(before / 2 ** 20)} MB`,
    () => residentBytes(pid) <= before * ALLOWED,
    PATIENCE_MS,
    250,
  );
  return residentBytes(pid) / before;
}
