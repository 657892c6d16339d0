/** Hop Ⓐ: pictures of one RTSP camera for as long as they are wanted, through every loss of the connection. */
import { asCoded, CodedError } from '@shouwang/protocol';
import { type Cancel, type Clock, every } from '../lib/clock.ts';
import type { Log } from '../lib/log.ts';
import { type CameraSource, type DownPhase, newCounters, type SourceHealth, type SourceListener } from './access-unit.ts';
import { Backoff } from './backoff.ts';
import { LossMeter } from './loss-meter.ts';
import { NO_PICTURES, PictureMeter } from './picture-meter.ts';
import { Refusal, refusal } from './refusal.ts';
import type { Description } from './rtsp/sdp.ts';
import { Redirection, RTSP_TIMES, RtspSession, type RtspTimes, type RtspTransport, Silence } from './rtsp/session.ts';
import { parseRtspUrl, type RtspTarget, redirected } from './rtsp/url.ts';
import { RtspMedia } from './rtsp-media.ts';

export interface RtspSourceOptions {
  url: string;
  transport?: RtspTransport;
  clock: Clock;
  log: Log;
  times?: RtspTimes;
  random?: () => number;
}

/** Somebody watches, or it would not be pulled: a camera that is back is to be on the screens within 5 s. */
const MAX_AWAY_MS = 2000;
/** One that says no is not asked often: some lock an account after a few wrong passwords. But one that is starting has no path yet, either. */
const MAX_REFUSED_MS = 15_000;
/** A connection that lasted so long and brought pictures was no failed attempt. */
const STEADY_MS = 5000;
const MAX_REDIRECTIONS = 5;
/** RFC 3550, 6.2: not more often than this. */
const REPORT_MS = 5000;
const QUIET: SourceHealth = { phase: 'silent', detail: 'connected, and nothing comes' };

export class RtspSource implements CameraSource {
  readonly counters = newCounters();
  readonly #o: RtspSourceOptions;
  readonly #home: RtspTarget;
  readonly #backoff: Backoff;
  readonly #refusals: Backoff;
  #listener: SourceListener | undefined;
  #session: RtspSession | undefined;
  #media: RtspMedia | undefined;
  #cancelRetry: Cancel = () => {};
  #cancelReports: Cancel = () => {};
  #run = 0;
  #redirections = 0;
  #playsSince: number | undefined;
  #remark: string | undefined;
  #loss: LossMeter;
  #lossHealth: SourceHealth = { phase: 'live' };
  #quiet = false;
  #lacksPictures = false;
  /** Pictures there were before this connection. */
  #picturesBefore = 0;

  /** Throws CONFIG_INVALID for an address that is none. */
  constructor(options: RtspSourceOptions) {
    this.#o = options;
    this.#home = parseRtspUrl(options.url);
    const random = options.random ?? Math.random;
    this.#backoff = new Backoff({ firstMs: 500, maxMs: MAX_AWAY_MS, random });
    this.#refusals = new Backoff({ firstMs: 500, maxMs: MAX_REFUSED_MS, random });
    this.#loss = new LossMeter(this.counters);
  }

  start(listener: SourceListener): void {
    if (this.#listener) return;
    this.#listener = listener;
    void this.#connect(this.#home);
  }

  async stop(): Promise<void> {
    this.#listener = undefined;
    this.#cancelRetry();
    this.#backoff.reset();
    this.#refusals.reset();
    this.#redirections = 0;
    const session = this.#leave();
    await session?.stop();
  }

  async #connect(target: RtspTarget): Promise<void> {
    const { clock, times = RTSP_TIMES, transport = 'auto' } = this.#o;
    // A camera goes on sending while it is told goodbye; by then another connection may have begun.
    const mine = () => this.#session === session;
    const session: RtspSession = new RtspSession({
      target,
      transport,
      clock,
      times,
      events: {
        onDescribed: (description, udp) => mine() && this.#begin(session, target, description, udp),
        onRtp: (kind, bytes) => mine() && this.#media?.rtp(kind, bytes),
        onRtcp: (kind, bytes) => mine() && this.#media?.rtcp(kind, bytes),
        onGarbage: () => mine() && this.#media?.garbage(),
        onQuiet: (quiet) => {
          if (!mine()) return;
          this.#quiet = quiet;
          this.#tellHealth();
        },
        onLost: (error) => this.#over(session, target, error),
      },
    });
    this.#session = session;
    this.counters.connects++;
    this.#picturesBefore = this.counters.pictures;
    try {
      await session.start();
      if (mine()) this.#playsSince = clock.now();
    } catch (error) {
      await session.stop();
      this.#over(session, target, error);
    }
  }

  #begin(session: RtspSession, target: RtspTarget, description: Description, udp: boolean): void {
    const { clock } = this.#o;
    this.#remark = description.withoutSound;
    this.#lossHealth = { phase: 'live' };
    this.#loss = new LossMeter(this.counters);
    this.#quiet = false;
    this.#lacksPictures = false;
    const meter = new PictureMeter(this.counters, clock.now());
    const media = new RtspMedia({
      description,
      udp,
      clock,
      counters: this.counters,
      listener: {
        onTrack: (t) => this.#listener?.onTrack(t),
        onPicture: (p) => this.#listener?.onPicture(p),
        onAudioTrack: (t) => this.#listener?.onAudioTrack?.(t),
        onAudio: (f) => this.#listener?.onAudio?.(f),
      },
      nextRun: () => ++this.#run,
      onGoodbye: () => void this.#goodbye(session, target),
    });
    this.#media = media;
    if (this.#remark) this.#tellHealth();
    this.#cancelReports = every(clock, REPORT_MS, () => {
      for (const { kind, bytes } of media.reports()) session.sendRtcp(kind, bytes);
      const health = this.#loss.looks();
      const lacks = meter.lacks(clock.now());
      if (!health && lacks === this.#lacksPictures) return;
      this.#lossHealth = health ?? this.#lossHealth;
      this.#lacksPictures = lacks;
      this.#tellHealth();
    });
  }

  #tellHealth(): void {
    const health = this.#quiet ? QUIET : this.#lacksPictures ? NO_PICTURES : this.#lossHealth;
    const detail = [health.detail, this.#remark].filter(Boolean).join('; ');
    this.#listener?.onHealth?.({ phase: health.phase, ...(detail ? { detail } : {}) });
  }

  async #goodbye(session: RtspSession, target: RtspTarget): Promise<void> {
    await session.stop();
    this.#over(session, target, new CodedError('CAMERA_OFFLINE', 'the camera has ended the stream'));
  }

  /** A connection has ended, or did not come about. */
  #over(session: RtspSession, target: RtspTarget, cause: unknown): void {
    // Stopped meanwhile, or started again.
    if (this.#session !== session || !this.#listener) return;
    this.#leave();
    if (cause instanceof Redirection) this.#redirected(target, cause);
    else if (cause instanceof Refusal) this.#down(cause, 'refused', cause.passing);
    else this.#down(asCoded(cause), cause instanceof Silence ? 'silent' : 'down');
  }

  #leave(): RtspSession | undefined {
    const session = this.#session;
    this.#session = undefined;
    this.#cancelReports();
    this.#media?.close();
    this.#media = undefined;
    this.#remark = undefined;
    const steady = this.#playsSince !== undefined && this.#o.clock.now() - this.#playsSince > STEADY_MS;
    this.#playsSince = undefined;
    if (steady && this.counters.pictures > this.#picturesBefore) {
      this.#backoff.reset();
      this.#refusals.reset();
      this.#redirections = 0;
    }
    return session;
  }

  #redirected(from: RtspTarget, { location }: Redirection): void {
    const target = location === undefined ? this.#home : redirected(from, location);
    if (!target) this.#down(refusal('the camera sends us to an address that is none'), 'refused');
    else if (++this.#redirections > MAX_REDIRECTIONS) this.#down(refusal('the camera sends us from one address to the next'), 'refused');
    else void this.#connect(target);
  }

  #down(error: CodedError, phase: DownPhase, soon = phase !== 'refused'): void {
    const { clock, log } = this.#o;
    this.#redirections = 0;
    const retryInMs = (soon ? this.#backoff : this.#refusals).next();
    const reason = (error.cause as Error | undefined)?.message;
    log.warn({ code: error.code, detail: error.detail, reason, phase, retryInMs }, 'camera lost');
    this.#cancelRetry = clock.after(retryInMs, () => void this.#connect(this.#home));
    this.#listener?.onDown(error, retryInMs, phase);
  }
}
