/**
 * One camera for all who play it: the encode starts with the first, is shared, and stops some seconds after the last.
 */
import { randomBytes } from 'node:crypto';
import { type Cancel, type Clock, within } from '../../src/lib/clock.ts';
import type { Log } from '../../src/lib/log.ts';
import { packetise, type RtpStream } from '../rtp/packetiser.ts';
import { rtpTimeOf } from '../rtp/sender-report.ts';
import type { Encoder, StartEncoder } from './encoder.ts';

/** Somebody who went away and comes back at once finds the camera running. */
const LINGER_MS = 5000;
const RESTART_MS = 1000;
/** Until a starting encode must have said how it codes. */
const START_LIMIT_MS = 8000;
export const PAYLOAD_TYPE = 96;

export interface ParameterSets {
  sps: Uint8Array;
  pps: Uint8Array;
}

export interface PicturePackets {
  packets: Buffer[];
  key: boolean;
}

export type PictureListener = (picture: PicturePackets) => void;

export class CameraFeed {
  readonly id: string;
  readonly ssrc: number;
  /** What the RTP clock was at 1970. */
  readonly timeBase: number;
  readonly #stream: RtpStream;
  readonly #start: StartEncoder;
  readonly #clock: Clock;
  readonly #log: Log;
  readonly #listeners = new Set<PictureListener>();
  #encoder: Encoder | undefined;
  #sets: ParameterSets | undefined;
  #waiting: Array<(sets: ParameterSets) => void> = [];
  #cancel: Cancel = () => undefined;
  #closed = false;

  constructor(id: string, deps: { start: StartEncoder; clock: Clock; log: Log }) {
    this.id = id;
    this.#start = deps.start;
    this.#clock = deps.clock;
    this.#log = deps.log.child({ camera: id });
    const random = randomBytes(10);
    this.ssrc = random.readUInt32BE(0);
    this.timeBase = random.readUInt32BE(4);
    this.#stream = { payloadType: PAYLOAD_TYPE, ssrc: this.ssrc, sequence: random.readUInt16BE(8) };
  }

  /** Whether an encode runs. */
  get running(): boolean {
    return this.#encoder !== undefined;
  }

  /** Gives every picture from now on to `listener`; the returned function ends that. */
  subscribe(listener: PictureListener): () => void {
    this.#listeners.add(listener);
    this.#run();
    return () => {
      if (this.#listeners.delete(listener)) this.#lingerIfUnused();
    };
  }

  /** How the pictures are coded. The first to ask starts the encode, which goes on only if somebody plays. Rejects if it does not start. */
  async parameterSets(): Promise<ParameterSets> {
    if (this.#sets) return this.#sets;
    const coming = new Promise<ParameterSets>((resolve) => this.#waiting.push(resolve));
    this.#run();
    try {
      return await within(this.#clock, START_LIMIT_MS, coming, () => new Error('the encode did not start'));
    } finally {
      this.#lingerIfUnused();
    }
  }

  close(): void {
    this.#closed = true;
    this.#listeners.clear();
    this.#stop();
  }

  #run(): void {
    this.#cancel();
    if (this.#encoder || this.#closed) return;
    this.#log.info('encode starts');
    this.#encoder = this.#start({
      parameterSets: (sps, pps) => {
        this.#sets = { sps, pps };
        for (const resolve of this.#waiting) resolve(this.#sets);
        this.#waiting = [];
      },
      picture: ({ nals, key, at }) => this.#deliver(nals, key, at),
      ended: (error) => {
        this.#encoder = undefined;
        this.#log.error({ err: error }, 'encode ended by itself');
        if (this.#listeners.size > 0 || this.#waiting.length > 0) this.#cancel = this.#clock.after(RESTART_MS, () => this.#run());
      },
    });
  }

  #deliver(nals: Uint8Array[], key: boolean, at: number): void {
    // FLV has the parameter sets in its header only; on the wire they go with every key frame.
    const whole = key && this.#sets ? [this.#sets.sps, this.#sets.pps, ...nals] : nals;
    const packets = packetise(whole, rtpTimeOf(at, this.timeBase), this.#stream);
    for (const listener of this.#listeners) listener({ packets, key });
  }

  #lingerIfUnused(): void {
    if (this.#listeners.size > 0 || this.#closed) return;
    this.#cancel();
    this.#cancel = this.#clock.after(LINGER_MS, () => this.#stop());
  }

  #stop(): void {
    this.#cancel();
    if (!this.#encoder) return;
    this.#encoder.stop();
    this.#encoder = undefined;
    this.#log.info('encode stopped');
  }
}
