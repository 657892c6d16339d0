/**
 * Which work orders should be open: one a box and kind. An order opens when the trouble begins and closes itself once the
 * box has been without it for a while, so that a fault that comes and goes is one order. In memory; the store keeps them.
 */
import type { TroubleKind } from '@shouwang/protocol';
import { first } from './slices.ts';

export interface ToOpen {
  boxId: string;
  area: string;
  kind: TroubleKind;
  since: number;
  detail?: string | undefined;
}

export interface ToClose {
  boxId: string;
  kind: TroubleKind;
}

const keyOf = (boxId: string, kind: TroubleKind): string => `${kind} ${boxId}`;

export class OrderBook {
  readonly #wellForMs: number;
  /** Open in the store, or about to be. */
  readonly #open = new Map<string, ToClose>();
  /** The kinds of `#open`, by box. */
  readonly #kindsOf = new Map<string, TroubleKind[]>();
  /** Open, and their trouble is over: key → age at which it ended, longest ago first. */
  readonly #ending = new Map<string, number>();
  /** Not yet in the store. Closings go first: an order that closed and is wanted again opens after that. */
  readonly #opening = new Map<string, ToOpen>();
  readonly #closing = new Map<string, ToClose>();
  /** On their way to the store: what becomes of them is known only when it answers. */
  readonly #flying = new Set<string>();

  constructor(wellForMs: number) {
    this.#wellForMs = wellForMs;
  }

  /** An order that is open in the store. Its trouble counts as over until it is wanted again. */
  restore(order: ToClose, age: number): void {
    this.#noteOpen(order);
    this.#ending.set(keyOf(order.boxId, order.kind), age);
  }

  /** The box has this trouble. */
  want(order: ToOpen): void {
    const key = keyOf(order.boxId, order.kind);
    this.#ending.delete(key);
    if (this.#open.has(key)) return;
    this.#noteOpen(order);
    // An order whose closing has not been sent to the store simply stays open.
    if (this.#flying.has(key) || !this.#closing.delete(key)) this.#opening.set(key, order);
  }

  /** The box no longer has it, as of `age`. */
  unwant(boxId: string, kind: TroubleKind, age: number): void {
    const key = keyOf(boxId, kind);
    if (this.#open.has(key) && !this.#ending.has(key)) this.#ending.set(key, age);
  }

  /** Of this box, whatever is not among `kinds` is over. */
  unwantOthers(boxId: string, kinds: readonly TroubleKind[], age: number): void {
    for (const kind of this.#kindsOf.get(boxId) ?? []) if (!kinds.includes(kind)) this.unwant(boxId, kind, age);
  }

  /** Kinds of the open orders of a box. */
  openOf(boxId: string): readonly TroubleKind[] {
    return this.#kindsOf.get(boxId) ?? [];
  }

  /** Decides what closes at `age`. */
  look(age: number): void {
    for (const [key, since] of this.#ending) {
      if (age - since < this.#wellForMs) break;
      if (this.#flying.has(key)) continue;
      this.#ending.delete(key);
      const order = this.#open.get(key);
      this.#open.delete(key);
      if (order) this.#noteClosed(order);
      // One that never got as far as the store leaves no trace there.
      if (order && !this.#opening.delete(key)) this.#closing.set(key, order);
    }
  }

  #noteOpen({ boxId, kind }: ToClose): void {
    this.#open.set(keyOf(boxId, kind), { boxId, kind });
    this.#kindsOf.set(boxId, [...(this.#kindsOf.get(boxId) ?? []), kind]);
  }

  #noteClosed({ boxId, kind }: ToClose): void {
    const left = (this.#kindsOf.get(boxId) ?? []).filter((k) => k !== kind);
    if (left.length > 0) this.#kindsOf.set(boxId, left);
    else this.#kindsOf.delete(boxId);
  }

  /** What the store has not been told, at most `limit`. It is on its way until `told`. */
  untold(limit: number): { open: ToOpen[]; close: ToClose[] } {
    const close = [...first(this.#closing.values(), limit)];
    const open = [...first(this.#opening.values(), limit - close.length)];
    for (const o of [...open, ...close]) this.#flying.add(keyOf(o.boxId, o.kind));
    return { open, close };
  }

  /** The store has taken this, or (`taken: false`) could not: it is told again. */
  told({ open, close }: { open: ToOpen[]; close: ToClose[] }, taken: boolean): void {
    this.#flying.clear();
    if (!taken) return;
    for (const o of open) this.#opening.delete(keyOf(o.boxId, o.kind));
    for (const c of close) this.#closing.delete(keyOf(c.boxId, c.kind));
  }
}
