/** The alarm service on real files that can be broken, with a clock that tests move. Starting again is a restart on the same flash. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Progress } from '@shouwang/protocol';
import { v7 } from 'uuid';
import { createAlarmFile } from '../alarm/alarm-file.ts';
import { type AlarmService, createAlarmService } from '../alarm/alarm-service.ts';
import { createSilentAlarm, type SilentAlarm } from '../alarm/silent-alarm.ts';
import { createOutbox, type Outbox } from '../outbox/outbox.ts';
import { BrokenFs } from './broken-fs.ts';
import { FakeClock } from './fake-clock.ts';
import { listening } from './quiet.ts';

export const receivedAt = 1_800_000_001_000;

export const answer = (messageId: string, alarmId = messageId) => ({ messageId, alarmId, caseNo: '20261123-0007', receivedAt });

export const progress = (alarmId: string, revision: number, more: Partial<Progress['data']> = {}): Progress['data'] => ({
  alarmId,
  caseNo: '20261123-0007',
  revision,
  state: 'received',
  since: 1,
  receivedAt,
  reopened: 0,
  ...more,
});

export class AlarmWorld {
  readonly dir = mkdtempSync(join(tmpdir(), 'alarm-'));
  readonly fs = new BrokenFs();
  readonly clock = new FakeClock();
  /** What the uplink was woken with. */
  readonly woken: boolean[] = [];
  /** How often the TV was told. */
  changes = 0;
  outbox!: Outbox;
  service!: AlarmService;
  silent!: SilentAlarm;
  hushEnds = 0;
  readonly #heard = listening();
  readonly log = this.#heard.log;
  readonly newId = (now: number) => v7({ msecs: now });
  readonly #running: { close(): Promise<void> }[] = [];

  async start(): Promise<AlarmService> {
    const { fs, dir, clock, log, newId } = this;
    const holder: { service?: AlarmService } = {};
    const outbox = createOutbox({
      fs,
      dir: join(dir, 'outbox'),
      clock,
      log,
      maxEntries: 20,
      storeTimeoutMs: 3000,
      onStored: (e) => holder.service?.onStored(e),
      onHealth: () => {},
      onEvicted: () => {},
    });
    this.outbox = outbox;
    const service = createAlarmService({
      boxId: 'box-0001',
      clock,
      log,
      outbox,
      file: createAlarmFile({ fs, dir, log }),
      settings: { withdrawWindowS: 3, lateAfterS: 20 },
      newId,
      wake: (urgent) => this.woken.push(urgent),
      onChange: () => this.changes++,
    });
    holder.service = service;
    this.service = service;
    const wake = (urgent: boolean) => void this.woken.push(urgent);
    this.silent = createSilentAlarm({
      boxId: 'box-0001',
      clock,
      outbox,
      onScreen: () => service.onScreen,
      newId,
      wake,
      onHushEnd: () => this.hushEnds++,
    });
    this.#running.push(service, outbox);
    await outbox.open();
    await service.load();
    return service;
  }

  /** What was logged. */
  get lines(): { level: number; msg: string }[] {
    return this.#heard.lines;
  }

  kinds(): string[] {
    return this.outbox.entries().map((e) => e.kind);
  }

  /** An alarm that the centre has. */
  async received(service: AlarmService): Promise<string> {
    await service.press('hold');
    const { id } = service.tv()!;
    await service.onReceived(answer(id));
    return id;
  }

  /** An alarm whose case is closed and not rated. */
  async closed(service: AlarmService): Promise<string> {
    const id = await this.received(service);
    await service.onProgress(progress(id, 2, { state: 'closed', closedAt: 9 }));
    return id;
  }

  /** Lets every write end first. */
  async remove(): Promise<void> {
    for (const part of this.#running) await part.close();
    rmSync(this.dir, { recursive: true, force: true });
  }
}
