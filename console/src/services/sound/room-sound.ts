/** Keeps the loudspeaker at what the board says: ringing, silenced, quiet. The clock and the loudspeaker are injected. */
import type { CaseView, LiveCase } from '@shouwang/protocol';
import { isUnchecked } from '../queue-order.ts';
import { createStore, type Store } from '../store.ts';
import { ringPlan, type Silence, silenceFrom } from './ring-plan.ts';
import type { AudioState, RoomAudio } from './web-audio.ts';

/** What the desk shows about sound. Times are the centre's, ms. */
export interface SoundStatus {
  audio: AudioState;
  /** From when on it rings; undefined = nothing to ring for. */
  ringsFrom: number | undefined;
  /** Undefined when nothing is silenced. */
  silencedUntil: number | undefined;
}

type Patch = Partial<SoundStatus>;

/** Two plans nearer than this are the same: a correction of the centre's clock must not restart the tone. ms */
const SAME_MS = 250;

export class RoomSound {
  readonly status: Store<SoundStatus, Patch>;
  readonly #audio: RoomAudio;
  readonly #now: () => number;
  readonly #stopListening: () => void;
  #cases: readonly CaseView[] = [];
  #silence: Silence | undefined;
  /** What the loudspeaker was told last. */
  #told: number | undefined;

  constructor(audio: RoomAudio, centreNow: () => number) {
    this.#audio = audio;
    this.#now = centreNow;
    this.status = createStore<SoundStatus, Patch>((s, patch) => ({ ...s, ...patch }), {
      audio: audio.state(),
      ringsFrom: undefined,
      silencedUntil: undefined,
    });
    this.#stopListening = audio.onState(() => this.#audioChanged());
  }

  /** The board changed, or the centre's clock was corrected. */
  update(cases: readonly CaseView[]): void {
    this.#cases = cases;
    this.#apply();
  }

  /** Silences what rings now for 60 s. False when nothing does. */
  silence(): boolean {
    const silence = silenceFrom(this.#cases, this.#silence, this.#now());
    if (!silence) return false;
    this.#silence = silence;
    this.#apply();
    return true;
  }

  /** Ends the silence early. */
  unsilence(): void {
    this.#silence = undefined;
    this.#apply();
  }

  /** One soft tone when a call that nobody signed is taken back: it does not ring, and yet has to be looked after. */
  notice(items: readonly LiveCase[]): void {
    const calls = items.some(({ event, view }) => event.data.event === 'withdrawn' && isUnchecked(view));
    if (calls && this.#audio.state() === 'running') void this.#audio.play('notice');
  }

  close(): void {
    this.#stopListening();
    this.#audio.stopRinging();
    this.#told = undefined;
  }

  #apply(): void {
    const now = this.#now();
    if (this.#silence && this.#silence.until <= now) this.#silence = undefined;
    const plan = ringPlan(this.#cases, this.#silence);
    this.#tell(plan, now);
    const silencedUntil = this.#silence?.until;
    const before = this.status.get();
    if (before.ringsFrom !== plan || before.silencedUntil !== silencedUntil) this.status.dispatch({ ringsFrom: plan, silencedUntil });
  }

  /** A tone that already rings goes on; it is not begun anew for a second call. */
  #tell(plan: number | undefined, now: number): void {
    if (plan === undefined) {
      if (this.#told !== undefined) this.#audio.stopRinging();
      this.#told = undefined;
      return;
    }
    const rings = this.#told !== undefined && this.#told <= now;
    const same = this.#told !== undefined && Math.abs(this.#told - plan) < SAME_MS;
    if (same || (rings && plan <= now)) return;
    this.#told = plan;
    this.#audio.ringFrom((plan - now) / 1000);
  }

  /** Time stood still for a suspended loudspeaker: what was planned on its clock would come late. */
  #audioChanged(): void {
    const audio = this.#audio.state();
    this.status.dispatch({ audio });
    if (audio !== 'running') return;
    this.#told = undefined;
    this.#apply();
  }
}
