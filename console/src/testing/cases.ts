/** Cases, announcements, clocks and a loudspeaker for tests. */
import type { CaseEventName, CaseView, LiveCase } from '@shouwang/protocol';
import type { FeedSource, Timers } from '../services/live-feed.ts';
import type { ToneName } from '../services/sound/tones.ts';
import type { AudioState, RoomAudio } from '../services/sound/web-audio.ts';

/** A new call received at 10,000 ms, quiet until 15,000, to be signed by 40,000. */
export function aCase(change: Partial<CaseView> = {}): CaseView {
  return {
    caseNo: '20261123-0001',
    alarmId: '0190a000-0000-7000-8000-000000000001',
    revision: 1,
    state: 'received',
    area: '522328101201',
    areaName: '平安村',
    household: { boxId: 'box-0001', name: '王秀英', address: '平安村3组12号', phone: '13900000001', area: '522328101201' },
    pressedAt: 9_800,
    receivedAt: 10_000,
    gesture: 'hold',
    quietUntil: 15_000,
    presses: 1,
    reopened: 0,
    due: { step: 'sign', at: 40_000 },
    ...change,
  };
}

/** An announcement with the case as it is then. */
export function announced(seq: number, event: CaseEventName, view: CaseView): LiveCase {
  return {
    event: {
      specversion: '1.0',
      id: '0190a000-0000-7000-8000-00000000ffff',
      type: 'cn.shouwang.case.event.v1',
      source: 'centre',
      time: '2026-11-23T00:00:00Z',
      datacontenttype: 'application/json',
      data: {
        seq,
        event,
        caseNo: view.caseNo,
        alarmId: view.alarmId,
        revision: view.revision,
        state: view.state,
        area: view.area,
        at: view.receivedAt,
        by: 'box',
      },
    },
    view,
  };
}

/** A clock that moves when told, with the timers that run on it. */
export class TestClock implements Timers {
  at: number;
  #timers = new Map<number, { at: number; run: () => void }>();
  #ids = 0;
  constructor(at = 0) {
    this.at = at;
  }
  now = () => this.at;
  setTimeout = (run: () => void, ms: number) => {
    this.#ids += 1;
    this.#timers.set(this.#ids, { at: this.at + ms, run });
    return this.#ids;
  };
  clearTimeout = (id: unknown) => {
    this.#timers.delete(id as number);
  };
  /** Lets `ms` pass, running what falls due in order, and what that leaves to the microtasks. */
  async passes(ms: number): Promise<void> {
    const end = this.at + ms;
    await settled();
    for (;;) {
      const next = [...this.#timers.entries()].filter(([, t]) => t.at <= end).sort((a, b) => a[1].at - b[1].at)[0];
      if (!next) break;
      this.#timers.delete(next[0]);
      this.at = Math.max(this.at, next[1].at);
      next[1].run();
      await settled();
    }
    this.at = end;
  }
}

/** Everything that waits on resolved promises has run. */
export function settled(): Promise<void> {
  return new Promise((done) => setImmediate(done));
}

/** An EventSource in the hands of the test. */
export class TestSource implements FeedSource {
  readyState = 0;
  readonly url: string;
  #listeners = new Map<string, ((event: MessageEvent<string>) => void)[]>();
  constructor(url: string) {
    this.url = url;
  }
  addEventListener(type: string, listener: (event: MessageEvent<string>) => void): void {
    this.#listeners.set(type, [...(this.#listeners.get(type) ?? []), listener]);
  }
  close(): void {
    this.readyState = 2;
  }
  emit(type: string, data?: unknown): void {
    for (const listener of this.#listeners.get(type) ?? []) listener({ data: JSON.stringify(data) } as MessageEvent<string>);
  }
  opens(): void {
    this.readyState = 1;
    this.emit('open');
  }
  /** The line breaks; the browser goes on trying (`retries`), or has given up. */
  breaks(retries: boolean): void {
    this.readyState = retries ? 0 : 2;
    this.emit('error');
  }
}

/** A loudspeaker that writes down what it was told. */
export class TestAudio implements RoomAudio {
  is: AudioState = 'running';
  /** `ring 2.5` = ring from 2.5 s on; `stop`; `play notice`. */
  readonly told: string[] = [];
  #listeners = new Set<() => void>();
  state = () => this.is;
  onState(listener: () => void) {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }
  becomes(state: AudioState): void {
    this.is = state;
    for (const listener of this.#listeners) listener();
  }
  resume = async () => this.is === 'running';
  ringFrom(delayS: number): void {
    this.told.push(`ring ${Math.max(0, delayS)}`);
  }
  stopRinging(): void {
    this.told.push('stop');
  }
  play = async (tone: ToneName) => {
    this.told.push(`play ${tone}`);
    return this.is === 'running';
  };
}
