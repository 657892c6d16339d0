/** The alarm's state on flash, so that a restart shows the truth. The message itself lies in the outbox. */
import { join } from 'node:path';
import type { Logger } from 'pino';
import { type DurableFs, readJson, writeDurably } from '../outbox/durable-fs.ts';
import type { AlarmRecord } from './record.ts';

const NAME = 'alarm.json';

export interface AlarmMemory {
  record?: AlarmRecord | undefined;
  /** Alarms that the villager put away: progress that still comes for them brings nothing back. Newest last. */
  dismissed: string[];
  /** Earlier alarms, for the list on the TV. Absent in files of before there was one. */
  past?: AlarmRecord[] | undefined;
}

export interface AlarmFile {
  /** Never throws: an unreadable file is set aside and logged, and the centre is asked. */
  load(): Promise<AlarmMemory>;
  /** Writes the newest state durably. Calls that overlap are joined; resolves when this state, or a newer one, is on flash or was refused. */
  save(memory: AlarmMemory): Promise<void>;
  idle(): Promise<void>;
}

export function createAlarmFile(deps: { fs: DurableFs; dir: string; log: Logger }): AlarmFile {
  const { fs, dir, log } = deps;
  let waiting: { memory: AlarmMemory; done: Promise<void> } | undefined;
  let running: Promise<void> = Promise.resolve();

  async function write(memory: AlarmMemory): Promise<void> {
    try {
      await fs.mkdir(dir);
      await writeDurably(fs, dir, NAME, JSON.stringify({ v: 1, ...memory }));
    } catch (error) {
      log.error({ err: error }, 'the state of the alarm could not be written');
    }
  }

  return {
    async load() {
      try {
        const value = (await readJson(fs, join(dir, NAME))) as (AlarmMemory & { v?: number }) | undefined;
        if (value === undefined) return { dismissed: [] };
        if (value?.v !== 1 || !Array.isArray(value.dismissed)) throw new Error('not an alarm file of version 1');
        if (value.record && typeof value.record.id !== 'string') throw new Error('the alarm has no id');
        const past = Array.isArray(value.past) ? value.past.filter((r) => typeof r?.id === 'string') : [];
        return { record: value.record, dismissed: value.dismissed, past };
      } catch (error) {
        log.error({ err: error }, 'the state of the alarm cannot be read: set aside');
        await fs.rename(join(dir, NAME), join(dir, `${NAME}.corrupt`)).catch(() => {});
        return { dismissed: [] };
      }
    },
    save(memory) {
      if (waiting) {
        waiting.memory = memory;
        return waiting.done;
      }
      const mine: { memory: AlarmMemory; done: Promise<void> } = { memory, done: Promise.resolve() };
      waiting = mine;
      mine.done = running.then(() => {
        waiting = undefined;
        return write(mine.memory);
      });
      running = mine.done;
      return mine.done;
    },
    idle: () => running,
  };
}
