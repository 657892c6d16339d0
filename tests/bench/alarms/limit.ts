/** What the disk allows: the lines above which no system can be. */
import { closeSync, fdatasyncSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { WorkerStore } from '../../../broker/src/index.ts';

const SECONDS = 2;
const IN_FLIGHT = 512;
const ALARMS = 10_000;

/** Raw 4 KB write and fdatasync, one after the other: commits a second of whoever commits one by one. */
export function rawFsync(): number {
  const dir = mkdtempSync(join(tmpdir(), 'shouwang-bench-fsync-'));
  const fd = openSync(join(dir, 'file'), 'w');
  const block = Buffer.alloc(4096, 1);
  try {
    const end = performance.now() + SECONDS * 1000;
    let n = 0;
    for (; performance.now() < end; n++) {
      writeSync(fd, block, 0, block.length, n * block.length);
      fdatasyncSync(fd);
    }
    return n / SECONDS;
  } finally {
    closeSync(fd);
    rmSync(dir, { recursive: true, force: true });
  }
}

/** Alarms a second that the store commits (alarm, case, event, ledger, announcements), with no broker and no network in front of it. */
export async function groupCommit(): Promise<number> {
  const dir = mkdtempSync(join(tmpdir(), 'shouwang-bench-store-'));
  const quiet = { warn: () => undefined, error: () => undefined };
  const store = await WorkerStore.open({
    path: join(dir, 'shouwang.db'),
    policy: { signMs: 30_000, handleMs: 300_000, closeMs: 86_400_000 },
    log: quiet,
    onAnnounced: () => undefined,
    onDead: (reason) => {
      throw new Error(reason);
    },
  });
  try {
    let next = 0;
    const start = performance.now();
    await Promise.all(
      Array.from({ length: IN_FLIGHT }, async () => {
        while (next < ALARMS) await store.run('raiseAlarm', alarm(next++));
      }),
    );
    return ALARMS / ((performance.now() - start) / 1000);
  } finally {
    await store.close();
    rmSync(dir, { recursive: true, force: true });
  }
}

function alarm(i: number) {
  const at = Date.now();
  const id = `00000000-0000-7000-8000-${i.toString(16).padStart(12, '0')}`;
  const data = { pressedAt: at, gesture: 'hold' as const, withdrawWindowS: 0 };
  const payload = JSON.stringify(data);
  return { boxId: `box-${i}`, area: '522328101201', id, digest: id, payload, at, data, day: '20261123', staffed: true, phone: '110' };
}
