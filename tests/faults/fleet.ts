/** Honest boxes on the wire: each keeps what was not answered, connects again, and sends it again. Cheap enough for thousands of alarms. */
import { until } from '../harness/until.ts';
import { WireBox } from '../harness/wire-box.ts';
import type { World } from '../harness/world.ts';
import { alarmKey, type Promises } from './promises.ts';

type Event = ReturnType<WireBox['alarm']>;

interface Member {
  boxId: string;
  secret: string;
  box: WireBox | undefined;
  unanswered: Map<string, Event>;
}

const LOOK_MS = 20;
const RECONNECT_MS = 200;
const RETRY_MS = 2000;

export class Fleet {
  readonly #port: number;
  readonly #promises: Promises;
  readonly #members: Member[];
  #ending = false;
  #turning: Promise<void>;

  /** Boxes `from` … `to` (0-based, the latter not included) of the world, at its own port or at a line's. */
  constructor(world: World, promises: Promises, from: number, to: number, port = world.ports.mqtt) {
    this.#port = port;
    this.#promises = promises;
    this.#members = world.secrets.boxes
      .slice(from, to)
      .map((secret, i) => ({ boxId: world.boxId(from + i), secret, box: undefined, unanswered: new Map() }));
    this.#turning = Promise.all(this.#members.map((m) => this.#lives(m))).then(() => undefined);
  }

  /** Alarms without an answer so far. */
  get unanswered(): number {
    return this.#members.reduce((sum, m) => sum + m.unanswered.size, 0);
  }

  /** Every box raises so many more alarms. */
  raises(each: number): void {
    for (const m of this.#members)
      for (let n = 0; n < each; n++) {
        const event = WireBox.alarmOf(m.boxId);
        m.unanswered.set(event.id, event);
        this.#promises.sent.add(alarmKey(m.boxId, event.id));
        m.box?.sends('alarm', event);
      }
  }

  async isAnswered(timeoutMs = 120_000): Promise<void> {
    await until('every alarm of the fleet is answered', () => this.unanswered === 0, timeoutMs);
  }

  async ends(): Promise<void> {
    this.#ending = true;
    await this.#turning;
  }

  /** One box: connects, sends what is open, listens; for ever. */
  async #lives(m: Member): Promise<void> {
    while (!this.#ending) {
      const box = await WireBox.connects(this.#port, m.boxId, m.secret).catch(() => undefined);
      if (box) {
        m.box = box;
        let sentAt = Number.NEGATIVE_INFINITY;
        while (!this.#ending && box.connected) {
          this.#hears(m, box);
          // What has no answer for so long is sent again, on the same connection too, as the bridge does.
          if (performance.now() - sentAt > RETRY_MS) {
            sentAt = performance.now();
            for (const event of m.unanswered.values()) box.sends('alarm', event);
          }
          await pause(LOOK_MS);
        }
        this.#hears(m, box);
        m.box = undefined;
        await box.leaves().catch(() => undefined);
      }
      await pause(RECONNECT_MS);
    }
  }

  #hears(m: Member, box: WireBox): void {
    for (const [id, { caseNo }] of box.received) {
      this.#promises.hearsReceived(alarmKey(m.boxId, id), caseNo ?? '');
      m.unanswered.delete(id);
    }
    box.received.clear();
  }
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
