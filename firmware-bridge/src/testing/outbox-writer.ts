/** A process that puts alarms into an outbox and prints each id once it was accepted as stored, until it is killed. */
import { writeSync } from 'node:fs';
import { systemClock } from '../clock.ts';
import { nodeFs } from '../outbox/durable-fs.ts';
import { createOutbox } from '../outbox/outbox.ts';
import { alarmMessage } from './messages.ts';
import { quiet } from './quiet.ts';

const outbox = createOutbox({
  fs: nodeFs,
  dir: process.argv[2]!,
  clock: systemClock,
  log: quiet,
  maxEntries: 100_000,
  storeTimeoutMs: 60_000,
  onStored: () => {},
  onHealth: () => {},
  onEvicted: () => {},
});

async function write(): Promise<void> {
  await outbox.open();
  for (;;) {
    const alarm = alarmMessage();
    const { stored } = await outbox.put('alarm', alarm.id, alarm);
    if (stored) writeSync(1, `${alarm.id}\n`);
  }
}
void write();
