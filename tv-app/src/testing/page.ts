/** A box whose page is its own voice, for tests: with a centre, a clock and a storage of its own, or those of an earlier page. */
import { InPageLink } from '../in-page/in-page-link.ts';
import { openKept } from '../in-page/kept.ts';
import { newId } from '../in-page/new-id.ts';
import { CODE, FakeCentre } from './fake-centre.ts';
import { ManualClock, settle } from './manual-clock.ts';
import { T0 } from './states.ts';

/** localStorage. `full`: it takes nothing; `room`: no more characters than that. */
export function flash() {
  const kept: Record<string, string> = {};
  return {
    full: false,
    room: Number.POSITIVE_INFINITY,
    getItem: (k: string) => kept[k] ?? null,
    setItem(k: string, v: string) {
      const others = Object.keys(kept).filter((name) => name !== k);
      const used = others.reduce((sum, name) => sum + kept[name]!.length, v.length);
      if (this.full || used > this.room) throw new Error('full');
      kept[k] = v;
    },
  };
}

export class Page {
  readonly centre: FakeCentre;
  readonly clock: ManualClock;
  readonly flash: ReturnType<typeof flash> | undefined;
  readonly link: InPageLink;

  constructor(options: { centre?: FakeCentre; clock?: ManualClock; flash?: ReturnType<typeof flash> | undefined; keyUps?: boolean } = {}) {
    this.centre = options.centre ?? new FakeCentre();
    this.clock = options.clock ?? new ManualClock(T0);
    this.flash = 'flash' in options ? options.flash : flash();
    this.link = new InPageLink({
      clock: this.clock,
      random: () => 0.5,
      ask: this.centre.ask,
      kept: openKept(this.flash),
      newId,
      reported: { middleware: 'ipanel', card: '8531002345678901' },
      label: 'iPanel',
      keyUps: options.keyUps ?? true,
      centre: { name: '平安镇综治中心', phone: '0859-555-0110' },
    });
  }

  async opens(): Promise<this> {
    this.link.start();
    await this.clock.passes(100);
    return this;
  }

  async types(code: string): Promise<void> {
    for (const digit of code) this.link.activation?.key(`digit${Number(digit)}` as 'digit0');
    await settle();
  }

  /** Opened on a box that has its account. */
  async works(): Promise<this> {
    await this.opens();
    await this.types(CODE);
    await this.clock.passes(100);
    return this;
  }

  async holdsAlarmKey(): Promise<void> {
    await this.link.call('key', { key: 'alarm', action: 'down' });
    await this.clock.passes(2_000);
    await this.link.call('key', { key: 'alarm', action: 'up' });
    await settle();
  }

  get alarm() {
    return this.link.state?.alarm;
  }
}
