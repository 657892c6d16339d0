/**
 * The rings of all cameras by their pre-roll policy: `always` pulls the camera for it, `watched` listens while somebody else
 * pulls it, `none` keeps nothing. There is a ring only for a stream that gave pictures of late.
 */
import type { Camera } from '../config.ts';
import type { Hub, Quality } from '../hub/hub.ts';
import type { Hubs } from '../hub/hubs.ts';
import type { AccessUnit } from '../ingest/access-unit.ts';
import { type Cancel, type Clock, every } from '../lib/clock.ts';
import { Ring } from './ring.ts';

export interface RingsOptions {
  hubs: Pick<Hubs, 'get' | 'onPulled'>;
  cameras: readonly Pick<Camera, 'id' | 'preRoll'>[];
  clock: Clock;
  /** How far back, ms. */
  preRollMs: number;
  /** Of one camera, and of all. */
  cameraBytes: number;
  totalBytes: number;
}

const EXPIRE_EVERY_MS = 5000;
/** For less, no other stream is put in the main one's place. */
const WORTH_MS = 1500;

export class Rings {
  readonly #o: RingsOptions;
  readonly #policies: ReadonlyMap<string, Camera['preRoll']>;
  readonly #rings = new Map<string, Ring>();
  readonly #observed = new Map<Hub, () => void>();
  #leave: (() => void)[] = [];
  #cancel: Cancel = () => {};

  constructor(options: RingsOptions) {
    this.#o = options;
    this.#policies = new Map(options.cameras.map((c) => [c.id, c.preRoll]));
  }

  start(): void {
    const { hubs, cameras, clock } = this.#o;
    hubs.onPulled((hub, pulled) => (pulled ? this.#observe(hub) : this.#unobserve(hub)));
    for (const { id, preRoll } of cameras) {
      if (preRoll !== 'always') continue;
      const subscription = hubs.get(id).subscribe({ onPicture: () => {} });
      this.#leave.push(() => subscription.close());
    }
    this.#cancel = every(clock, EXPIRE_EVERY_MS, () => {
      for (const [key, ring] of this.#rings) {
        ring.expire(clock.now());
        if (ring.oldest === undefined) this.#rings.delete(key);
      }
    });
  }

  /**
   * What is there of the past since `from` (ms since 1970), in decoding order from a key frame: of the main stream, and of the
   * smaller one what came while only that was watched.
   */
  past(cameraId: string, from: number): AccessUnit[] {
    const of = (quality: Quality) => this.#rings.get(keyOf(cameraId, quality))?.since(from) ?? [];
    const [main, sub] = [of('main'), of('sub')];
    const [first, last] = [main[0]?.arrivedAt, main.at(-1)?.arrivedAt];
    if (first === undefined || last === undefined) return sub;
    const before = first - from > WORTH_MS ? sub.filter((p) => p.arrivedAt < first) : [];
    const next = sub.findIndex((p) => p.key && p.arrivedAt > last);
    const after = next >= 0 && sub.at(-1)!.arrivedAt - last > WORTH_MS ? sub.slice(next) : [];
    return [...before, ...main, ...after];
  }

  get bytes(): number {
    let bytes = 0;
    for (const ring of this.#rings.values()) bytes += ring.bytes;
    return bytes;
  }

  close(): void {
    this.#cancel();
    for (const leave of this.#leave.splice(0)) leave();
    for (const hub of [...this.#observed.keys()]) this.#unobserve(hub);
  }

  #observe(hub: Hub): void {
    if (this.#observed.has(hub) || (this.#policies.get(hub.cameraId) ?? 'watched') === 'none') return;
    this.#observed.set(hub, hub.observe({ onPicture: (picture) => this.#take(keyOf(hub.cameraId, hub.quality), picture) }));
  }

  #unobserve(hub: Hub): void {
    this.#observed.get(hub)?.();
    this.#observed.delete(hub);
  }

  #take(key: string, picture: AccessUnit): void {
    const ring = this.#rings.get(key) ?? new Ring({ ms: this.#o.preRollMs, bytes: this.#o.cameraBytes });
    this.#rings.set(key, ring);
    ring.add(picture);
    // At key frames only: often enough, and cheap with very many cameras.
    if (picture.key) while (this.bytes > this.#o.totalBytes) this.#oldest()?.dropOldest();
  }

  /** The ring with the oldest picture; undefined where all are empty. */
  #oldest(): Ring | undefined {
    let found: Ring | undefined;
    for (const ring of this.#rings.values())
      if (ring.oldest !== undefined && (found?.oldest === undefined || ring.oldest < found.oldest)) found = ring;
    return found;
  }
}

function keyOf(cameraId: string, quality: Quality): string {
  return `${cameraId}/${quality}`;
}
