/** Hop Ⓐ: pictures of one RTSP camera for as long as they are wanted, through every loss of the connection. */
import { asCoded } from '@shouwang/protocol';
import type { Cancel, Clock } from '../lib/clock.ts';
import type { Log } from '../lib/log.ts';
import { type CameraSource, newCounters, type SourceListener } from './access-unit.ts';
import { Backoff } from './backoff.ts';
import { Assembler } from './h264/assembler.ts';
import { H264Depacketiser } from './h264/depacketiser.ts';
import { PictureClock } from './rtp/picture-clock.ts';
import { findSenderReport } from './rtp/rtcp.ts';
import { parseRtp } from './rtp/rtp.ts';
import type { VideoMedia } from './rtsp/sdp.ts';
import { RTSP_TIMES, RtspSession, type RtspTimes } from './rtsp/session.ts';
import { parseRtspUrl, type RtspTarget } from './rtsp/url.ts';

export interface RtspSourceOptions {
  url: string;
  clock: Clock;
  log: Log;
  times?: RtspTimes;
  random?: () => number;
}

/** A connection that lasted so long was no failed attempt. */
const STEADY_MS = 5000;

export class RtspSource implements CameraSource {
  readonly counters = newCounters();
  readonly #o: RtspSourceOptions;
  readonly #target: RtspTarget;
  readonly #backoff: Backoff;
  #listener: SourceListener | undefined;
  #session: RtspSession | undefined;
  #cancelRetry: Cancel = () => {};
  #run = 0;
  #depacketiser: H264Depacketiser | undefined;
  #assembler: Assembler | undefined;
  #pictureClock = new PictureClock(90_000);
  #payloadType = -1;
  #ssrc: number | undefined;
  #strangeSsrc: number | undefined;
  #playsSince: number | undefined;

  /** Throws CONFIG_INVALID for an address that is none. */
  constructor(options: RtspSourceOptions) {
    this.#o = options;
    this.#target = parseRtspUrl(options.url);
    this.#backoff = new Backoff({ firstMs: 500, maxMs: 15_000, random: options.random ?? Math.random });
  }

  start(listener: SourceListener): void {
    if (this.#listener) return;
    this.#listener = listener;
    void this.#connect();
  }

  async stop(): Promise<void> {
    this.#listener = undefined;
    this.#cancelRetry();
    this.#backoff.reset();
    const session = this.#session;
    this.#session = undefined;
    await session?.stop();
  }

  async #connect(): Promise<void> {
    const { clock, times = RTSP_TIMES } = this.#o;
    // A camera goes on sending while it is told goodbye; by then another connection may have begun.
    const mine = () => this.#session === session;
    const session: RtspSession = new RtspSession({
      target: this.#target,
      clock,
      times,
      events: {
        onVideo: (video) => mine() && this.#begin(video),
        onRtp: (bytes) => mine() && this.#rtp(bytes),
        onRtcp: (bytes) => mine() && this.#rtcp(bytes),
        onGarbage: () => mine() && this.#depacketiser?.pushGarbage(),
        onLost: (error) => this.#down(session, error),
      },
    });
    this.#session = session;
    this.counters.connects++;
    try {
      await session.start();
      if (this.#session === session) this.#playsSince = clock.now();
    } catch (error) {
      await session.stop();
      this.#down(session, error);
    }
  }

  #down(session: RtspSession, cause: unknown): void {
    // Stopped meanwhile, or started again.
    if (this.#session !== session || !this.#listener) return;
    this.#session = undefined;
    const error = asCoded(cause);
    if (this.#playsSince !== undefined && this.#o.clock.now() - this.#playsSince > STEADY_MS) this.#backoff.reset();
    this.#playsSince = undefined;
    const retryInMs = this.#backoff.next();
    const reason = (error.cause as Error | undefined)?.message;
    this.#o.log.warn({ code: error.code, detail: error.detail, reason, retryInMs }, 'camera lost');
    this.#cancelRetry = this.#o.clock.after(retryInMs, () => void this.#connect());
    this.#listener.onDown(error, retryInMs);
  }

  #begin(video: VideoMedia): void {
    const { counters } = this;
    this.#payloadType = video.payloadType;
    this.#ssrc = undefined;
    this.#strangeSsrc = undefined;
    this.#pictureClock = new PictureClock(video.clockRate);
    const assembler = new Assembler({
      counters,
      listener: { onTrack: (t) => this.#listener?.onTrack(t), onPicture: (p) => this.#listener?.onPicture(p) },
      pictureClock: this.#pictureClock,
      clockRate: video.clockRate,
      parameterSets: video.parameterSets,
      nextRun: () => ++this.#run,
    });
    this.#assembler = assembler;
    this.#depacketiser = new H264Depacketiser(counters, (raw) => this.#assembler?.push(raw, this.#o.clock.now()));
  }

  #rtp(bytes: Buffer): void {
    const { counters } = this;
    counters.packets++;
    counters.bytes += bytes.length;
    const packet = parseRtp(bytes);
    if (!packet) {
      this.#depacketiser?.pushGarbage();
      return;
    }
    // Another payload type is another stream's, e.g. comfort data; it is none of ours.
    if (packet.payloadType !== this.#payloadType) return;
    if (this.#ssrc !== undefined && packet.ssrc !== this.#ssrc && !this.#adopts(packet.ssrc)) return;
    this.#ssrc = packet.ssrc;
    this.#depacketiser?.push(packet, this.#o.clock.now());
  }

  /** A sender that changed its source identifier has begun anew, with other numbers and times; one stray packet has not (RFC 3550, 6.2.1 and 8.2). */
  #adopts(ssrc: number): boolean {
    if (this.#strangeSsrc !== ssrc) {
      this.#strangeSsrc = ssrc;
      this.#depacketiser?.pushGarbage();
      return false;
    }
    this.#assembler?.restart();
    this.#depacketiser?.restart();
    return true;
  }

  #rtcp(bytes: Buffer): void {
    const report = findSenderReport(bytes);
    if (report && (this.#ssrc === undefined || report.ssrc === this.#ssrc)) this.#pictureClock.sawReport(report);
  }
}
