/** The dialogue with one camera: OPTIONS, DESCRIBE, SETUP, PLAY, keep-alives, TEARDOWN (RFC 2326, 10), media over TCP interleave. */
import { CodedError } from '@shouwang/protocol';
import { type Cancel, type Clock, every } from '../../lib/clock.ts';
import { RtspConnection, type RtspResponse } from './connection.ts';
import { findVideo, type VideoMedia } from './sdp.ts';
import type { RtspTarget } from './url.ts';

export interface RtspTimes {
  connectMs: number;
  answerMs: number;
  /** No picture data for so long: the camera is taken for dead. */
  silenceMs: number;
  /** How long TEARDOWN may take. */
  teardownMs: number;
}

export const RTSP_TIMES: RtspTimes = { connectMs: 5000, answerMs: 5000, silenceMs: 10_000, teardownMs: 1000 };

export interface SessionEvents {
  /** Before the first frame. */
  onVideo(video: VideoMedia): void;
  onRtp(bytes: Buffer): void;
  onRtcp(bytes: Buffer): void;
  onGarbage(bytes: number): void;
  /** Once; not after `stop()`. */
  onLost(error: CodedError): void;
}

export interface SessionOptions {
  target: RtspTarget;
  clock: Clock;
  times: RtspTimes;
  events: SessionEvents;
}

export class RtspSession {
  readonly #o: SessionOptions;
  readonly #connection: RtspConnection;
  #rtp = 0;
  #rtcp = 1;
  #aggregate = '';
  #canGetParameter = true;
  #playing = false;
  #ended = false;
  #lastData = 0;
  #timers: Cancel[] = [];

  constructor(options: SessionOptions) {
    this.#o = options;
    const { target, clock, times } = options;
    this.#connection = new RtspConnection({
      target,
      clock,
      connectMs: times.connectMs,
      answerMs: times.answerMs,
      events: {
        onFrame: (channel, bytes) => this.#frame(channel, bytes),
        onGarbage: (bytes) => options.events.onGarbage(bytes),
        onLost: (error) => this.#lost(error),
      },
    });
  }

  /** Resolves when the camera plays. Throws CAMERA_OFFLINE, CODEC_UNSUPPORTED. */
  async start(): Promise<void> {
    const c = this.#connection;
    const { uri } = this.#o.target;
    await c.open();
    const options = await c.request('OPTIONS', uri);
    const methods = options.headers.get('public')?.join(',').toUpperCase();
    if (methods && !methods.includes('GET_PARAMETER')) this.#canGetParameter = false;
    const described = good('DESCRIBE', await c.request('DESCRIBE', uri, { Accept: 'application/sdp' }));
    const base = described.headers.get('content-base')?.[0] ?? described.headers.get('content-location')?.[0] ?? uri;
    const video = findVideo(described.body.toString('utf8'), base);
    this.#aggregate = base;
    const setup = good('SETUP', await c.request('SETUP', video.control, { Transport: 'RTP/AVP/TCP;unicast;interleaved=0-1' }));
    this.#readTransport(setup.headers.get('transport')?.[0] ?? '');
    const session = setup.headers.get('session')?.[0];
    if (!session) throw new CodedError('CAMERA_OFFLINE', 'the camera gave no session');
    c.session = session.split(';')[0]!.trim();
    this.#o.events.onVideo(video);
    good('PLAY', await c.request('PLAY', this.#aggregate, { Range: 'npt=0.000-' }));
    if (this.#ended) throw new CodedError('CAMERA_OFFLINE', 'stopped');
    this.#playing = true;
    this.#watch(Number(/timeout\s*=\s*(\d+)/i.exec(session)?.[1] ?? 60));
  }

  /** Says goodbye (TEARDOWN) if it was playing, and closes. */
  async stop(): Promise<void> {
    if (this.#ended) return;
    this.#end();
    if (this.#connection.session) {
      const goodbye = this.#connection.request('TEARDOWN', this.#aggregate).catch(() => undefined);
      await Promise.race([
        goodbye,
        new Promise<void>((resolve) => this.#timers.push(this.#o.clock.after(this.#o.times.teardownMs, resolve))),
      ]);
      this.#stopTimers();
    }
    this.#connection.close();
  }

  #readTransport(transport: string): void {
    if (/RTP\/AVP(?!\/TCP)/i.test(transport) && !/interleaved/i.test(transport))
      throw new CodedError('CAMERA_OFFLINE', 'the camera does not send over TCP');
    const m = /interleaved\s*=\s*(\d+)(?:-(\d+))?/i.exec(transport);
    this.#rtp = Number(m?.[1] ?? 0);
    this.#rtcp = Number(m?.[2] ?? this.#rtp + 1);
    this.#connection.channels.add(this.#rtp);
    this.#connection.channels.add(this.#rtcp);
  }

  #watch(timeoutS: number): void {
    const { clock, times } = this.#o;
    this.#lastData = clock.now();
    // Well inside the server's time-out, whatever it is (RFC 2326, 12.37: 60 s unless said).
    const keepAliveMs = Math.min(Math.max((timeoutS * 1000) / 2, 1000), 30_000);
    this.#timers.push(every(clock, keepAliveMs, () => void this.#keepAlive()));
    this.#timers.push(
      every(clock, times.silenceMs / 4, () => {
        if (clock.now() - this.#lastData >= times.silenceMs)
          this.#lost(new CodedError('CAMERA_OFFLINE', 'the camera sends nothing any more'));
      }),
    );
  }

  async #keepAlive(): Promise<void> {
    const method = this.#canGetParameter ? 'GET_PARAMETER' : 'OPTIONS';
    try {
      const answer = await this.#connection.request(method, this.#aggregate);
      if (answer.status === 454) this.#lost(new CodedError('CAMERA_OFFLINE', 'the camera has ended the session'));
      // Announced but not there: any request keeps a session alive.
      else if (answer.status >= 400) this.#canGetParameter = false;
    } catch {
      // A lost connection reports itself, and a camera that answers nothing but goes on sending is alive.
    }
  }

  #frame(channel: number, bytes: Buffer): void {
    this.#lastData = this.#o.clock.now();
    if (channel === this.#rtp) this.#o.events.onRtp(bytes);
    else if (channel === this.#rtcp) this.#o.events.onRtcp(bytes);
  }

  #lost(error: CodedError): void {
    if (this.#ended) return;
    const played = this.#playing;
    this.#end();
    this.#connection.close();
    // While starting, `start` itself throws.
    if (played) this.#o.events.onLost(error);
  }

  #end(): void {
    this.#ended = true;
    this.#playing = false;
    this.#stopTimers();
  }

  #stopTimers(): void {
    for (const cancel of this.#timers) cancel();
    this.#timers = [];
  }
}

function good(method: string, response: RtspResponse): RtspResponse {
  if (response.status === 401) throw new CodedError('CAMERA_OFFLINE', 'the camera refuses the user name or password');
  if (response.status < 200 || response.status > 299)
    throw new CodedError('CAMERA_OFFLINE', `the camera answers ${method} with ${response.status}`);
  return response;
}
