/** The dialogue with one camera: OPTIONS, DESCRIBE, SETUP, PLAY, keep-alives, TEARDOWN (RFC 2326, 10), media over TCP interleave or UDP. */
import { CodedError } from '@shouwang/protocol';
import { type Cancel, type Clock, every } from '../../lib/clock.ts';
import { passingRefusal, refusal } from '../refusal.ts';
import { RtspConnection, type RtspResponse } from './connection.ts';
import { type Description, readDescription } from './sdp.ts';
import { readTransport } from './transport.ts';
import { UdpPair } from './udp-pair.ts';
import type { RtspTarget } from './url.ts';

export interface RtspTimes {
  connectMs: number;
  answerMs: number;
  /** No picture data for so long: the camera is called silent. */
  quietMs: number;
  /** No picture data for so long: the camera is taken for dead. */
  silenceMs: number;
  /** How long TEARDOWN may take. */
  teardownMs: number;
}

export const RTSP_TIMES: RtspTimes = { connectMs: 5000, answerMs: 5000, quietMs: 3000, silenceMs: 10_000, teardownMs: 1000 };

/** `auto`: TCP, and UDP where the camera refuses that. */
export type RtspTransport = 'auto' | 'tcp' | 'udp';
export type MediaKind = 'video' | 'audio';

export interface SessionEvents {
  /** Before the first packet. `udp`: packets may come in any order. */
  onDescribed(description: Description, udp: boolean): void;
  onRtp(kind: MediaKind, bytes: Buffer): void;
  onRtcp(kind: MediaKind, bytes: Buffer): void;
  onGarbage(bytes: number): void;
  /** Nothing comes any more; true again when it does. */
  onQuiet(quiet: boolean): void;
  /** Once, with the camera told goodbye where it goes on; not after `stop()` has ended. */
  onLost(error: CodedError): void;
}

export interface SessionOptions {
  target: RtspTarget;
  transport: RtspTransport;
  clock: Clock;
  times: RtspTimes;
  events: SessionEvents;
}

/** The camera is elsewhere. */
export class Redirection extends CodedError {
  /** Undefined: where it was, anew. */
  readonly location: string | undefined;

  constructor(location: string | undefined) {
    super('CAMERA_OFFLINE', 'the camera sends us elsewhere');
    this.location = location;
  }
}

/** It was connected, and nothing came. */
export class Silence extends CodedError {}

interface Channel {
  kind: MediaKind;
  control: boolean;
}

const KINDS: readonly MediaKind[] = ['video', 'audio'];
/** Unsupported Transport (RFC 2326, 11.3.14). */
const NO_SUCH_TRANSPORT = 461;

export class RtspSession {
  readonly #o: SessionOptions;
  readonly #connection: RtspConnection;
  /** Interleaved. */
  readonly #channels = new Map<number, Channel>();
  readonly #sendRtcp = new Map<MediaKind, (bytes: Buffer) => void>();
  readonly #sockets: UdpPair[] = [];
  #aggregate = '';
  #udp: boolean;
  #canGetParameter = true;
  #playing = false;
  #quiet = false;
  #ended = false;
  #lastData = 0;
  /** Goodbye is being said. */
  #leaving: Promise<void> | undefined;
  #timers: Cancel[] = [];

  constructor(options: SessionOptions) {
    this.#o = options;
    this.#udp = options.transport === 'udp';
    const { target, clock, times } = options;
    this.#connection = new RtspConnection({
      target,
      clock,
      connectMs: times.connectMs,
      answerMs: times.answerMs,
      events: {
        onFrame: (channel, bytes) => this.#frame(channel, bytes),
        onGarbage: (bytes) => options.events.onGarbage(bytes),
        onRedirect: (location) => this.#lost(new Redirection(location)),
        onLost: (error) => this.#lost(error),
      },
    });
  }

  /** Resolves when the camera plays. Throws CAMERA_OFFLINE, a refusal, or a redirection. */
  async start(): Promise<void> {
    const c = this.#connection;
    const { uri } = this.#o.target;
    await c.open();
    const options = await c.request('OPTIONS', uri);
    if (options.status >= 300 && options.status < 400) good('OPTIONS', options);
    const methods = options.headers.get('public')?.join(',').toUpperCase();
    if (methods && !methods.includes('GET_PARAMETER')) this.#canGetParameter = false;
    const described = good('DESCRIBE', await c.request('DESCRIBE', uri, { Accept: 'application/sdp' }));
    const base = described.headers.get('content-base')?.[0] || described.headers.get('content-location')?.[0] || uri;
    const description = readDescription(described.body.toString('utf8'), isAddress(base) ? base : uri);
    this.#aggregate = description.aggregate;
    const session = await this.#setUp('video', description.video.control);
    if (!session) throw new CodedError('CAMERA_OFFLINE', 'the camera gave no session');
    if (description.audio) {
      try {
        await this.#setUp('audio', description.audio.control);
      } catch (error) {
        if (this.#ended) throw error;
        // Better without sound than not at all.
        description.audio = undefined;
        description.withoutSound = 'without sound: the camera does not set it up';
      }
    }
    this.#o.events.onDescribed(description, this.#udp);
    good('PLAY', await c.request('PLAY', this.#aggregate, { Range: 'npt=0.000-' }));
    if (this.#ended) throw new CodedError('CAMERA_OFFLINE', 'stopped');
    this.#playing = true;
    this.#watch(Number(/timeout\s*=\s*(\d{1,6})/i.exec(session)?.[1] ?? 60));
  }

  sendRtcp(kind: MediaKind, bytes: Buffer): void {
    if (this.#playing) this.#sendRtcp.get(kind)?.(bytes);
  }

  /** Says goodbye (TEARDOWN) if it was playing, and closes. */
  async stop(): Promise<void> {
    if (!this.#ended) {
      this.#end();
      this.#leaving = this.#leave();
    }
    await this.#leaving;
  }

  async #leave(): Promise<void> {
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

  /** Gives the Session header of the first one. */
  async #setUp(kind: MediaKind, control: string): Promise<string | undefined> {
    const c = this.#connection;
    let answer = this.#udp ? undefined : await this.#setUpTcp(kind, control);
    if (answer?.status === NO_SUCH_TRANSPORT && this.#o.transport === 'auto' && !c.session) {
      this.#udp = true;
      answer = undefined;
    }
    answer ??= await this.#setUpUdp(kind, control);
    if (answer.status === NO_SUCH_TRANSPORT) throw refusal(`the camera does not send over ${this.#udp ? 'UDP' : 'TCP'}`);
    const session = good('SETUP', answer).headers.get('session')?.[0];
    if (session && !c.session) c.session = session.split(';')[0]!.trim();
    return session;
  }

  async #setUpTcp(kind: MediaKind, control: string): Promise<RtspResponse> {
    const c = this.#connection;
    const first = KINDS.indexOf(kind) * 2;
    const answer = await c.request('SETUP', control, { Transport: `RTP/AVP/TCP;unicast;interleaved=${first}-${first + 1}` });
    if (answer.status < 200 || answer.status > 299) return answer;
    const { interleaved, tcp } = readTransport(answer.headers.get('transport')?.[0] ?? 'RTP/AVP/TCP');
    if (!tcp) throw refusal('the camera does not send over TCP');
    const { rtp, rtcp } = interleaved ?? { rtp: first, rtcp: first + 1 };
    this.#channels.set(rtp, { kind, control: false });
    this.#channels.set(rtcp, { kind, control: true });
    c.channels.add(rtp);
    c.channels.add(rtcp);
    this.#sendRtcp.set(kind, (bytes) => c.sendFrame(rtcp, bytes));
    return answer;
  }

  async #setUpUdp(kind: MediaKind, control: string): Promise<RtspResponse> {
    const c = this.#connection;
    const { local, remote } = c.addresses;
    const pair = await UdpPair.open(local, {
      onRtp: (bytes) => this.#packet(kind, bytes),
      onRtcp: (bytes) => !this.#ended && this.#o.events.onRtcp(kind, bytes),
    });
    this.#sockets.push(pair);
    if (this.#ended) {
      pair.close();
      throw new CodedError('CAMERA_OFFLINE', 'stopped');
    }
    const answer = await c.request('SETUP', control, { Transport: `RTP/AVP;unicast;client_port=${pair.port}-${pair.port + 1}` });
    if (answer.status < 200 || answer.status > 299) return answer;
    const { server, source, tcp } = readTransport(answer.headers.get('transport')?.[0] ?? '');
    if (tcp) throw refusal('the camera does not send over UDP');
    pair.peer(remote, source, server);
    this.#sendRtcp.set(kind, (bytes) => pair.sendRtcp(bytes));
    return answer;
  }

  #watch(timeoutS: number): void {
    const { clock, times } = this.#o;
    this.#lastData = clock.now();
    // Well inside the server's time-out, whatever it is (RFC 2326, 12.37: 60 s unless said).
    const keepAliveMs = Math.min(Math.max((timeoutS * 1000) / 2, 1000), 30_000);
    this.#timers.push(every(clock, keepAliveMs, () => void this.#keepAlive()));
    this.#timers.push(
      every(clock, times.quietMs / 3, () => {
        const quietFor = clock.now() - this.#lastData;
        if (quietFor >= times.silenceMs) this.#lost(new Silence('CAMERA_OFFLINE', 'the camera sends nothing any more'));
        else if (quietFor >= times.quietMs && !this.#quiet) {
          this.#quiet = true;
          this.#o.events.onQuiet(true);
        }
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
    const { kind, control } = this.#channels.get(channel) ?? {};
    if (kind === undefined || this.#ended) return;
    if (control) this.#o.events.onRtcp(kind, bytes);
    else this.#packet(kind, bytes);
  }

  #packet(kind: MediaKind, bytes: Buffer): void {
    if (this.#ended) return;
    // Sound alone is no picture.
    if (kind === 'video') {
      this.#lastData = this.#o.clock.now();
      if (this.#quiet) {
        this.#quiet = false;
        this.#o.events.onQuiet(false);
      }
    }
    this.#o.events.onRtp(kind, bytes);
  }

  #lost(error: CodedError): void {
    if (this.#ended) return;
    const played = this.#playing;
    this.#end();
    // A redirection is answered by TEARDOWN (RFC 2326, 10.10), and one that is silent may serve few sessions, and keep this one.
    if (played && (error instanceof Redirection || error instanceof Silence))
      this.#leaving = this.#leave().then(() => this.#o.events.onLost(error));
    else {
      this.#connection.close();
      // While starting, `start` itself throws.
      if (played) this.#o.events.onLost(error);
    }
  }

  #end(): void {
    this.#ended = true;
    this.#playing = false;
    for (const s of this.#sockets) s.close();
    this.#stopTimers();
  }

  #stopTimers(): void {
    for (const cancel of this.#timers) cancel();
    this.#timers = [];
  }
}

function good(method: string, response: RtspResponse): RtspResponse {
  const { status, headers } = response;
  if (status >= 200 && status < 300) return response;
  // 304 is an answer to a question that was not asked.
  if (status >= 300 && status < 400 && status !== 304) throw new Redirection(headers.get('location')?.[0] ?? '');
  if (status === 401 || status === 403) throw refusal('the camera refuses the user name or password');
  if (status === 404) throw passingRefusal('the camera has nothing at this path');
  if (status === 453) throw passingRefusal('the camera serves no further viewer');
  const detail = `the camera answers ${method} with ${status}`;
  if (status >= 400 && status < 500) throw refusal(detail);
  throw new CodedError('CAMERA_OFFLINE', detail);
}

/** Into request lines it goes as it is. */
function isAddress(text: string): boolean {
  return /^rtsp:\/\/[!-~\u0080-\uffff]{1,1000}$/i.test(text);
}
