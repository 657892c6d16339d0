/**
 * An outbox on a real, tiny file system that fills up or turns read-only, in a process of its own: `node flash-story.ts full|read-only DIR`,
 * where DIR is a fresh mount. Prints what happened as one line of JSON.
 */
import { execFileSync } from 'node:child_process';
import { readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { nodeFs } from '../outbox/durable-fs.ts';
import { createOutbox, STORE_AGAIN_MS } from '../outbox/outbox.ts';
import { FakeClock } from './fake-clock.ts';
import { alarmMessage } from './messages.ts';
import { quiet } from './quiet.ts';
import { until } from './until.ts';

const [story, mount] = process.argv.slice(2) as ['full' | 'read-only', string];
const dir = join(mount, 'outbox');
const filler = join(mount, 'filler');

const trouble = {
  full: {
    begins() {
      for (let i = 0; ; i++)
        try {
          writeFileSync(`${filler}${i}`, Buffer.alloc(4096));
        } catch (error) {
          if ((error as NodeJS.ErrnoException).code === 'ENOSPC') return;
          throw error;
        }
    },
    ends() {
      for (const name of readdirSync(mount)) if (name.startsWith('filler')) rmSync(join(mount, name));
    },
  },
  'read-only': {
    begins: () => void execFileSync('mount', ['-o', 'remount,ro', mount]),
    ends: () => void execFileSync('mount', ['-o', 'remount,rw', mount]),
  },
}[story];

const clock = new FakeClock();
const stored: string[] = [];
const outbox = createOutbox({
  fs: nodeFs,
  dir,
  clock,
  log: quiet,
  maxEntries: 20,
  storeTimeoutMs: 60_000,
  onStored: (entry) => stored.push(entry.event.id),
  onHealth: () => {},
  onEvicted: () => {},
});
await outbox.open();
const before = alarmMessage();
const first = await outbox.put('alarm', before.id, before);
trouble.begins();
const alarm = alarmMessage();
const second = await outbox.put('alarm', alarm.id, alarm);
const during = { healthy: outbox.healthy, offered: outbox.entries().map((e) => e.event.id === alarm.id || e.event.id === before.id) };
trouble.ends();
await until('stored after all', () => {
  clock.passes(STORE_AGAIN_MS);
  return stored.includes(alarm.id);
});
await outbox.close();
const files = readdirSync(dir).filter((name) => name.endsWith('.json')).length;
console.log(JSON.stringify({ first: first.stored, second: second.stored, during, after: { healthy: outbox.healthy, files } }));
