/**
 * One camera, live: grant → viewer session → player, and all of it again by itself whenever any part gives up. Says only what is
 * so: `advancing` is true while frames come, and the picture's time is that of the last one.
 */
import type { Player, SessionHandle } from '@shouwang/player';
import type { Cancel, Clock } from '../clock.ts';
import { Backoff } from './backoff.ts';
import { FrameWatch } from './frame-watch.ts';
import { askGrants, codeOf, type Media } from './media.ts';
import type { TvLink } from './tv-link.ts';

/** Quick presses of left and right pass over cameras without opening each of them. */
const SETTLE_MS = 200;

export type LivePhase = 'asking' | 'connecting' | 'playing' | 'stalled' | 'failed';

export class LiveView {
  cameraId: string | undefined;
  phase: LivePhase = 'asking';
  /** Why there is no picture, where it is known. */
  code: string | undefined;
  /** Frames of this camera have been on the screen since it was opened. */
  hasPicture = false;
  /** Since when nothing moves; ms since 1970. */
  waitingSince = 0;
  private readonly deps: { link: TvLink; media: Media; video: HTMLVideoElement; clock: Clock; random: () => number; onChange: () => void };
  private readonly backoff: Backoff;
  private generation = 0;
  private cancelRetry: Cancel = () => {};
  private session: SessionHandle | undefined;
  private player: Player | undefined;
  private frames: FrameWatch | undefined;

  constructor(deps: LiveView['deps']) {
    this.deps = deps;
    this.backoff = new Backoff(1_000, 5_000, deps.random);
  }

  get transport(): 'webrtc' | 'hls' | undefined {
    return this.advancing ? this.player?.transport : undefined;
  }

  /** New frames have come within the last second and a half. */
  get advancing(): boolean {
    return this.phase === 'playing' && this.frames?.advancing === true;
  }

  /** The time of the picture on the screen, ms since 1970; undefined before the first. */
  get pictureAt(): number | undefined {
    if (!this.hasPicture) return undefined;
    const at = this.player?.pictureTime() ?? this.frames?.lastFrameAt;
    return at === undefined ? undefined : Math.round(at);
  }

  open(cameraId: string): void {
    if (cameraId === this.cameraId) return;
    const switching = this.cameraId !== undefined;
    this.release();
    this.cameraId = cameraId;
    this.hasPicture = false;
    this.waitingSince = this.deps.clock.now();
    this.backoff.reset();
    this.set('asking', undefined);
    this.retry(switching ? SETTLE_MS : 0);
  }

  close(): void {
    this.release();
    this.cameraId = undefined;
    this.hasPicture = false;
    this.set('asking', undefined);
  }

  private retry(ms: number): void {
    const generation = this.generation;
    this.cancelRetry = this.deps.clock.after(ms, () => {
      this.start(generation, this.cameraId!).catch((error: unknown) => {
        if (generation === this.generation) this.failed(codeOf(error));
      });
    });
  }

  private async start(generation: number, cameraId: string): Promise<void> {
    const { link, media, video, clock } = this.deps;
    const { grants, refused } = await askGrants(link, [cameraId], 'watch');
    if (generation !== this.generation) return;
    const grant = grants[0];
    if (!grant) return this.failed(refused[0]?.code ?? 'TIMEOUT');
    const session = await media.openSession(grant);
    if (generation !== this.generation) return void session.close();
    this.session = session;
    this.set('connecting', undefined);
    this.frames = new FrameWatch({
      video,
      clock,
      pictureTime: () => this.player?.pictureTime(),
      onChange: () => this.framesChanged(generation),
    });
    this.player = media.createPlayer({
      video,
      session,
      onState: ({ state, code }) => {
        if (generation !== this.generation) return;
        if (state === 'failed') this.failed(code ?? 'TIMEOUT');
        else this.set(state, code);
      },
    });
  }

  private framesChanged(generation: number): void {
    if (generation !== this.generation) return;
    if (this.advancing) {
      this.hasPicture = true;
      this.backoff.reset();
    } else this.waitingSince = this.deps.clock.now();
    this.deps.onChange();
  }

  /** A player that failed keeps its last frame on the screen until the next one starts, and knows that frame's time. */
  private failed(code: string): void {
    this.letGo();
    this.set('failed', code);
    this.retry(this.backoff.next());
  }

  private release(): void {
    this.letGo();
    this.player?.close();
    this.player = undefined;
  }

  private letGo(): void {
    this.generation++;
    this.cancelRetry();
    this.frames?.stop();
    this.frames = undefined;
    this.session?.close().catch(() => {});
    this.session = undefined;
  }

  private set(phase: LivePhase, code: string | undefined): void {
    this.phase = phase;
    this.code = code;
    this.deps.onChange();
  }
}
