/**
 * What is wrong with this box while it still has a voice: one place that every part tells, and that tells the centre.
 * Nothing of it is kept: the flash may be what is broken. What lasts is said again after every connect, and every
 * heartbeat carries the whole list, so that an end that got lost on the way is noticed too.
 */
import type { FaultKind, FaultReported } from '@shouwang/protocol';
import type { Logger } from 'pino';
import type { Clock } from '../clock.ts';

export type FaultReport = FaultReported['data'];

export interface FaultsDeps {
  clock: Clock;
  log: Logger;
  /** Says it to the centre now, if it can be reached. Never throws. */
  say(report: FaultReport): void;
  /** `kinds()` is another list now. */
  onChange(): void;
}

export interface Faults {
  /** It is broken. Said once; again only when `detail` is another. Longer details are cut to 200 characters. */
  begin(fault: FaultKind, detail?: string): void;
  /** It works again. Nothing happens where it was not broken. */
  clear(fault: FaultKind): void;
  /** What is broken now, by name. */
  kinds(): FaultKind[];
  /** What is broken now, as it is said to the centre. */
  lasting(): FaultReport[];
}

const MAX_DETAIL = 200;

export function createFaults({ clock, log, say, onChange }: FaultsDeps): Faults {
  const lasting = new Map<FaultKind, FaultReport>();

  return {
    begin(fault, detail) {
      const known = lasting.get(fault);
      const text = detail && readable(detail);
      if (known && known.detail === text) return;
      // A fault that changes its detail began when it began.
      const report: FaultReport = { fault, at: known?.at ?? clock.now(), ...(text ? { detail: text } : {}) };
      lasting.set(fault, report);
      log.error({ fault, detail: text }, 'a fault began');
      say(report);
      if (!known) onChange();
    },
    clear(fault) {
      if (!lasting.delete(fault)) return;
      log.info({ fault }, 'a fault ended');
      say({ fault, at: clock.now(), cleared: true });
      onChange();
    },
    kinds: () => [...lasting.keys()].sort(),
    lasting: () => [...lasting.values()],
  };
}

/** As the schema allows it: no control characters, not too long. */
function readable(detail: string): string {
  return detail.replace(/\p{Cc}+/gu, ' ').slice(0, MAX_DETAIL);
}
