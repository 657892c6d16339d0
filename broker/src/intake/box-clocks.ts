/**
 * How far each box's clock is off, from messages that are made when they are sent (`up/sync`, a heartbeat). In memory:
 * every connection begins with such a message, before any alarm.
 */
export class BoxClocks {
  readonly #skewMs = new Map<string, number>();

  /** A message made at `boxAt` by the box's clock arrived at `at` by the centre's, ms. */
  measure(boxId: string, boxAt: number, at: number): void {
    if (Number.isFinite(boxAt)) this.#skewMs.set(boxId, Math.round(boxAt - at));
  }

  /** The box's clock minus the centre's, ms, at the last measurement. */
  skewOf(boxId: string): number | undefined {
    return this.#skewMs.get(boxId);
  }
}
