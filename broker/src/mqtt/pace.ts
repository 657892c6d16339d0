/**
 * How fast each may send. Integrators and media nodes are slowed down, a connection at a time. A box is one of tens of thousands of
 * small machines out of reach: its allowance is much smaller, holds over all its connections, and has two parts, so that a box gone
 * mad with one kind of message can still raise an alarm.
 */
import { parseTopic, type UpKind } from '@shouwang/protocol';
import type { Clock } from '../clock.ts';
import type { BrokerConfig } from '../config.ts';
import { Bucket } from './bucket.ts';

/** The turn of one message. */
export interface Pace {
  /** For how many ms it has to wait, at most `longestMs` for a box; undefined: it is one too many. */
  turn(topic: string, longestMs: number): number | undefined;
}

type Rates = Pick<BrokerConfig['mqtt'], 'publishRate' | 'publishBurst' | 'boxAlarmRate' | 'boxAlarmBurst' | 'boxRate' | 'boxBurst'>;

/** An alarm, and what is said about one that stands. */
const URGENT: readonly UpKind[] = ['alarm', 'withdraw', 'detail'];

/** What an alarm may wait for its turn: the box says it again anyway, and must not pile up a debt. */
const LONGEST_WAIT_MS = 10_000;

/** For an integrator or a media node: whatever is too fast waits. */
export function paceOfParty(clock: Clock, rates: Rates): Pace {
  const bucket = new Bucket(clock, rates.publishRate, rates.publishBurst);
  return { turn: () => bucket.take() };
}

/** Boxes that are remembered between two connections; beyond that, those that sent nothing for a while are forgotten. */
const REMEMBERED = 20_000;

export class BoxPaces {
  readonly #clock: Clock;
  readonly #rates: Rates;
  readonly #paces = new Map<string, BoxPace>();
  #tidyAt = REMEMBERED;

  constructor(clock: Clock, rates: Rates) {
    this.#clock = clock;
    this.#rates = rates;
  }

  of(boxId: string): Pace {
    let pace = this.#paces.get(boxId);
    if (!pace) {
      pace = new BoxPace(this.#clock, this.#rates);
      this.#paces.set(boxId, pace);
      if (this.#paces.size > this.#tidyAt) this.#tidy();
    }
    return pace;
  }

  /** A full bucket remembers nothing: a new one is the same. */
  #tidy(): void {
    for (const [boxId, pace] of this.#paces) if (pace.isFresh) this.#paces.delete(boxId);
    this.#tidyAt = Math.max(REMEMBERED, this.#paces.size * 2);
  }
}

class BoxPace implements Pace {
  readonly #alarms: Bucket;
  readonly #others: Bucket;

  constructor(clock: Clock, rates: Rates) {
    this.#alarms = new Bucket(clock, rates.boxAlarmRate, rates.boxAlarmBurst);
    this.#others = new Bucket(clock, rates.boxRate, rates.boxBurst);
  }

  turn(topic: string, longestMs: number): number | undefined {
    const to = parseTopic(topic);
    const urgent = to?.to === 'box-up' && URGENT.includes(to.kind);
    return urgent ? this.#alarms.take(Math.min(LONGEST_WAIT_MS, longestMs)) : this.#others.take(0);
  }

  get isFresh(): boolean {
    return this.#alarms.isFull && this.#others.isFull;
  }
}
