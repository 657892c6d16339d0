/**
 * Who is heard and who is not, for a quarter of a million boxes with one timer: everybody has the same time allowed, so
 * whoever was heard longest ago stands first, and a look stops at the first one that still has time.
 */

export interface LivenessSettings {
  /** Not heard for so long: suspect. ms */
  suspectAfterMs: number;
  /** Not heard for so long: offline. ms */
  offlineAfterMs: number;
  /** After the start nobody is called anything for so long: it was the centre that was away. ms */
  graceMs: number;
  /** Between two looks; a longer gap was our own (a stalled or sleeping machine, a clock that was set) and is nobody's fault. ms */
  tickMs: number;
}

/** Called suspect or offline in one look; when a whole county's line breaks, the rest follows with the next looks. */
const AT_ONCE = 10_000;
/** A gap of so many ticks is still taken for time that passed. */
const TICKS_AT_MOST = 5;

export class Liveness {
  readonly #s: LivenessSettings;
  /** Time that passed while the centre looked, ms: what the boxes' silence is measured by. */
  #age = 0;
  #lookedAt: number;
  /** Box → age at which it was last heard, longest ago first. */
  readonly #online = new Map<string, number>();
  /** Box → age at which it became suspect, longest ago first. */
  readonly #suspect = new Map<string, number>();

  constructor(settings: LivenessSettings, now: number) {
    this.#s = settings;
    this.#lookedAt = now;
  }

  get age(): number {
    return this.#age;
  }

  /** Whether the time of grace after the start is over. */
  get settled(): boolean {
    return this.#age >= this.#s.graceMs;
  }

  /** A box whose state was known before the start. */
  restore(boxId: string, was: 'online' | 'suspect' | 'offline'): void {
    if (was === 'online') this.#online.set(boxId, 0);
    if (was === 'suspect') this.#suspect.set(boxId, 0);
  }

  heard(boxId: string): void {
    this.#suspect.delete(boxId);
    this.#online.delete(boxId);
    this.#online.set(boxId, this.#age);
  }

  forget(boxId: string): void {
    this.#suspect.delete(boxId);
    this.#online.delete(boxId);
  }

  /** Lets time pass up to `now`. Returns who became suspect and who offline. */
  look(now: number): { suspect: string[]; offline: string[] } {
    const passed = Math.min(Math.max(0, now - this.#lookedAt), this.#s.tickMs * TICKS_AT_MOST);
    this.#lookedAt = now;
    this.#age += passed;
    if (!this.settled) return { suspect: [], offline: [] };
    const suspect = this.#take(this.#online, this.#s.suspectAfterMs);
    for (const boxId of suspect) this.#suspect.set(boxId, this.#age);
    return { suspect, offline: this.#take(this.#suspect, this.#s.offlineAfterMs - this.#s.suspectAfterMs) };
  }

  /** Removes and returns everybody in `from` whose time is over. */
  #take(from: Map<string, number>, afterMs: number): string[] {
    const out: string[] = [];
    for (const [boxId, since] of from) {
      if (this.#age - since < afterMs || out.length >= AT_ONCE) break;
      out.push(boxId);
    }
    for (const boxId of out) from.delete(boxId);
    return out;
  }
}
