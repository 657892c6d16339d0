/**
 * The alarms of this box in what outlives the page. The alarm and its messages lie under one key, the earlier alarms under another: the list
 * may be lost, for the centre has it too; it must never keep an alarm out.
 */
import type { BoxReports, TvAlarm } from '@shouwang/protocol';
import type { Clock } from '../clock.ts';
import { type AlarmState, EMPTY, listed, restored, stored } from './alarm.ts';
import type { Kept } from './kept.ts';
import { reportsOf } from './past.ts';

const ALARMS = 'alarms';
const LIST = 'reports';

interface KeptList {
  boxId: string;
  /** The centre has told this box's alarms, so that none is missing but those that only it knows by now. */
  told: boolean;
  past: AlarmState['past'];
}

export class AlarmMemory {
  alarms: AlarmState;
  /** The last alarm or message was read back. */
  written = true;
  private readonly kept: Kept;
  private readonly clock: Clock;
  /** Whose alarms these are; undefined where none were kept. */
  private boxId: string | undefined;
  private told = false;

  constructor(kept: Kept, clock: Clock) {
    this.kept = kept;
    this.clock = clock;
    const found = kept.read(ALARMS);
    this.boxId = (found as Partial<KeptList> | undefined)?.boxId;
    const alarms = restored(found);
    // What was read here is on the box's storage.
    this.alarms = kept.durable ? stored(alarms, clock.now()) : alarms;
  }

  /** From now on they are this box's: those of another family are not shown to this one. What was not answered yet is sent all the same. */
  belongsTo(boxId: string): void {
    const list = this.kept.read(LIST) as Partial<KeptList> | undefined;
    const mine = list?.boxId === boxId && Array.isArray(list.past);
    const others = this.boxId !== undefined && this.boxId !== boxId;
    this.boxId = boxId;
    this.told = mine && list.told === true;
    this.alarms = { ...(others ? { ...EMPTY, outbox: this.alarms.outbox } : this.alarms), past: mine ? (list as KeptList).past : [] };
  }

  /** ② "Stored" is said only once it was read back. */
  save(next: AlarmState): void {
    const { past, ...rest } = next;
    const urgent = { boxId: this.boxId, ...rest };
    const changed = past !== this.alarms.past;
    this.written = this.kept.write(ALARMS, urgent);
    if (!this.written) {
      // Full, perhaps: the list gives its room to the alarm.
      this.kept.write(LIST, null);
      this.written = this.kept.write(ALARMS, urgent);
    } else if (changed) this.keepList(past);
    this.alarms = this.written ? stored(next, this.clock.now()) : next;
  }

  /** The centre's list of this box's alarms. */
  listed({ reports }: BoxReports): void {
    const next = listed(this.alarms, reports);
    const first = !this.told;
    this.told = true;
    if (next !== this.alarms) this.save(next);
    if (first) this.keepList(next.past);
  }

  /** Undefined as long as the centre has not told them. */
  reports(late: boolean): TvAlarm[] | undefined {
    return this.told ? reportsOf(this.alarms.alarm, this.alarms.past, late) : undefined;
  }

  private keepList(past: AlarmState['past']): void {
    this.kept.write(LIST, { boxId: this.boxId ?? '', told: this.told, past } satisfies KeptList);
  }
}
