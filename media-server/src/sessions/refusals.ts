/**
 * Every refusal of a viewer leaves a record, and no flood of them fills the ledger: the first of its kind is told at once, equal ones
 * are counted and told together, and where different ones come too fast only their codes are counted.
 */
import type { ErrorCode, MediaRefusal, RefusedRequest } from '@shouwang/protocol';
import { type Cancel, type Clock, every } from '../lib/clock.ts';

type Data = MediaRefusal['data'];

export interface Refusal {
  code: ErrorCode;
  what: RefusedRequest;
  cameraId?: string | undefined;
  grantId?: string | undefined;
  /** Where from: an IP address. */
  address?: string | undefined;
  /** What an engineer has to know besides the code. */
  detail?: string | undefined;
}

export interface RefusalsOptions {
  clock: Clock;
  /** Puts one on the record. */
  record(data: Data): void;
  /** How many records the centre has not got yet. */
  waiting(): number;
}

/** What is put on record because somebody had no right to look. Others are troubles of the node or the camera. */
const ON_RECORD: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  'GRANT_INVALID',
  'GRANT_EXPIRED',
  'GRANT_USED',
  'GRANT_REVOKED',
  'SESSION_MISSING',
  'SESSION_INVALID',
  'SESSION_EXPIRED',
  'CAMERA_NOT_GRANTED',
  'CAMERA_UNKNOWN',
  'VIEWER_FULL',
  'NOT_ALLOWED',
]);

/** Records of single refusals: so many at once, and then so many a minute. */
const BURST = 200;
const PER_MINUTE = 10;
const FLUSH_MS = 60_000;
/** With so many unsent, the centre being away, they are only counted. */
const MAX_WAITING = 2000;

export class Refusals {
  readonly #o: RefusalsOptions;
  /** Told already in this minute; how many more came. */
  #repeats = new Map<string, Data>();
  /** Beyond the limits, by code. */
  #sums = new Map<string, Data>();
  #tokens = BURST;
  readonly #cancel: Cancel;

  constructor(options: RefusalsOptions) {
    this.#o = options;
    this.#cancel = every(options.clock, FLUSH_MS, () => this.flush());
  }

  note({ code, what, cameraId, grantId, address, detail }: Refusal): void {
    if (!ON_RECORD.has(code)) return;
    const at = this.#o.clock.now();
    const key = [code, what, cameraId, grantId, address].join(' ');
    const known = this.#repeats.get(key);
    if (known) {
      count(known, at);
      return;
    }
    const whole: Data = {
      code,
      what,
      ...(cameraId ? { cameraId } : {}),
      ...(grantId ? { grantId } : {}),
      ...(address ? { address } : {}),
      ...(detail ? { detail } : {}),
      count: 1,
      firstAt: at,
      lastAt: at,
    };
    if (this.#tokens < 1 || this.#o.waiting() >= MAX_WAITING) {
      const sum = this.#sums.get(`${code} ${what}`);
      if (sum) count(sum, at);
      else this.#sums.set(`${code} ${what}`, { code, what, count: 1, firstAt: at, lastAt: at });
      return;
    }
    this.#tokens--;
    this.#o.record(whole);
    this.#repeats.set(key, { ...whole, count: 0 });
  }

  /** Tells what was only counted; done every minute, and at the end. `last`: however many wait. */
  flush(last = false): void {
    this.#tokens = Math.min(BURST, this.#tokens + PER_MINUTE);
    if (!last && this.#o.waiting() >= MAX_WAITING) return;
    for (const data of [...this.#repeats.values(), ...this.#sums.values()]) if (data.count > 0) this.#o.record(data);
    this.#repeats = new Map();
    this.#sums = new Map();
  }

  close(): void {
    this.#cancel();
    this.flush(true);
  }
}

function count(data: Data, at: number): void {
  if (data.count++ === 0) data.firstAt = at;
  data.lastAt = at;
}
