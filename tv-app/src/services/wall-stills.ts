/**
 * The stills of the wall: one viewer session for each camera that is shown, one still every five seconds, the cameras
 * taking turns. Leaving the wall ends the sessions, which ends the views in the register.
 */
import type { SessionHandle } from '@shouwang/player';
import type { Cancel, Clock } from '../clock.ts';
import { askGrants, codeOf, type Media } from './media.ts';
import type { StillStore } from './still-store.ts';
import type { TvLink } from './tv-link.ts';

const REFRESH_MS = 5_000;
/** Cameras to which the centre says no are asked about again this much later. */
const REFUSED_MS = 60_000;
const RETRY_MS = 3_000;
/** Without an answer for so long a still counts as failed. */
const STILL_TIMEOUT_MS = 12_000;

interface Seat {
  session?: SessionHandle;
  /** Not before this time, ms. */
  askAt: number;
  asking: boolean;
  loading: boolean;
  loadAt: number;
  problem?: string | undefined;
}

export class WallStills {
  private readonly deps: { link: TvLink; media: Media; store: StillStore; clock: Clock; onChange: () => void };
  private readonly seats = new Map<string, Seat>();
  private cancelTick: Cancel | undefined;

  constructor(deps: { link: TvLink; media: Media; store: StillStore; clock: Clock; onChange: () => void }) {
    this.deps = deps;
  }

  /** Which cameras are on the wall now; none when the wall is not on the screen. */
  show(cameraIds: readonly string[]): void {
    for (const [id, seat] of Array.from(this.seats)) {
      if (cameraIds.indexOf(id) >= 0) continue;
      this.seats.delete(id);
      seat.session?.close().catch(() => {});
    }
    const now = this.deps.clock.now();
    cameraIds.forEach((id, i) => {
      if (!this.seats.has(id))
        this.seats.set(id, { askAt: now, asking: false, loading: false, loadAt: now + this.firstTurn(id, i, cameraIds.length) });
    });
    if (this.seats.size > 0 && !this.cancelTick) this.cancelTick = this.deps.clock.every(250, () => this.tick());
    if (this.seats.size === 0) {
      this.cancelTick?.();
      this.cancelTick = undefined;
    } else this.tick();
  }

  /** Why a camera has no new picture: an error code; undefined while all is well. */
  problem(cameraId: string): string | undefined {
    return this.seats.get(cameraId)?.problem;
  }

  close(): void {
    this.show([]);
  }

  /** A camera never seen loads at once; the others take turns within the five seconds. */
  private firstTurn(id: string, i: number, of: number): number {
    return this.deps.store.get(id) ? Math.round((i * REFRESH_MS) / of) : i * 120;
  }

  private tick(): void {
    const now = this.deps.clock.now();
    const ask: string[] = [];
    for (const [id, seat] of Array.from(this.seats)) {
      if (!seat.session && !seat.asking && now >= seat.askAt) ask.push(id);
      else if (seat.session && !seat.loading && now >= seat.loadAt) this.load(id, seat, seat.session);
    }
    if (ask.length > 0 && this.deps.link.status === 'up') this.ask(ask.slice(0, 16));
  }

  private async ask(ids: string[]): Promise<void> {
    const asked = ids.map((id) => ({ id, seat: this.seats.get(id)! }));
    for (const { seat } of asked) seat.asking = true;
    try {
      const result = await askGrants(this.deps.link, ids, 'wall');
      await Promise.all(
        asked.map(async ({ id, seat }) => {
          const grant = result.grants.filter((g) => g.cameraId === id)[0];
          if (!grant) return this.refuse(seat, result.refused.filter((r) => r.cameraId === id)[0]?.code ?? 'TIMEOUT');
          try {
            const session = await this.deps.media.openSession(grant);
            // The villager has moved on meanwhile: nobody watches this any more.
            if (this.seats.get(id) !== seat) return void session.close();
            seat.session = session;
          } catch (error) {
            this.refuse(seat, codeOf(error));
          }
        }),
      );
    } catch (error) {
      for (const { seat } of asked) this.refuse(seat, codeOf(error));
    }
    for (const { seat } of asked) seat.asking = false;
    if (this.seats.size > 0) this.tick();
    this.deps.onChange();
  }

  private refuse(seat: Seat, code: string): void {
    seat.problem = code;
    seat.askAt = this.deps.clock.now() + (code === 'CAMERA_NOT_GRANTED' || code === 'CAMERA_UNKNOWN' ? REFUSED_MS : RETRY_MS);
  }

  private load(id: string, seat: Seat, session: SessionHandle): void {
    const { clock, media, store, onChange } = this.deps;
    seat.loading = true;
    seat.loadAt = Math.max(seat.loadAt, clock.now() - REFRESH_MS) + REFRESH_MS;
    let over = false;
    const finish = (problem: string | undefined) => {
      if (over) return;
      over = true;
      cancelTimeout();
      seat.loading = false;
      seat.problem = problem;
      if (session.ended && seat.session === session) {
        delete seat.session;
        seat.askAt = clock.now() + 500;
      }
      onChange();
    };
    const cancelTimeout = clock.after(STILL_TIMEOUT_MS, () => finish('TIMEOUT'));
    media.loadStill(session).then(
      (still) => {
        if (over) return still.release();
        store.put(id, { url: still.blobUrl, pictureAt: still.pictureAt ?? clock.now() }, still.release);
        finish(undefined);
      },
      (error: unknown) => finish(codeOf(error)),
    );
  }
}
