/** What is wrong at this node now: of its cameras, and of itself. */
import type { MediaFaultKind, MediaFaultsTold } from '@shouwang/protocol';

type Fault = MediaFaultsTold['data']['faults'][number];

/** More than this are counted, not told one by one. */
const TOLD_AT_MOST = 300;

export class FaultBook {
  readonly #faults = new Map<string, Fault>();
  readonly #now: () => number;
  #live: readonly string[] = [];
  /** Something began or ended. */
  onChanged: () => void = () => {};

  constructor(now: () => number) {
    this.#now = now;
  }

  get size(): number {
    return this.#faults.size;
  }

  /** `cameraId` undefined: the node. A fault that goes on keeps its beginning. */
  set(cameraId: string | undefined, fault: MediaFaultKind, is: boolean, detail?: string): void {
    const key = `${cameraId ?? ''}/${fault}`;
    if (this.#faults.has(key) === is) return;
    if (is)
      this.#faults.set(key, { ...(cameraId === undefined ? {} : { cameraId }), fault, since: this.#now(), ...(detail ? { detail } : {}) });
    else this.#faults.delete(key);
    this.onChanged();
  }

  /** Cameras whose pictures come now. */
  setLive(cameraIds: readonly string[]): void {
    const live = [...cameraIds].sort();
    if (live.join() === this.#live.join()) return;
    this.#live = live;
    this.onChanged();
  }

  /** How many of each kind. */
  counts(): Map<MediaFaultKind, number> {
    const counts = new Map<MediaFaultKind, number>();
    for (const { fault } of this.#faults.values()) counts.set(fault, (counts.get(fault) ?? 0) + 1);
    return counts;
  }

  of(cameraId: string): MediaFaultKind[] {
    return [...this.#faults.values()].filter((f) => f.cameraId === cameraId).map((f) => f.fault);
  }

  /** The node's own first, then by age. */
  told(): MediaFaultsTold['data'] {
    const all = [...this.#faults.values()].sort(
      (a, b) => Number(a.cameraId !== undefined) - Number(b.cameraId !== undefined) || a.since - b.since,
    );
    const more = all.length - TOLD_AT_MOST;
    return { faults: all.slice(0, TOLD_AT_MOST), ...(more > 0 ? { more } : {}), live: [...this.#live] };
  }
}
