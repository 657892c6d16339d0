/** A remote that is not there, as the kernel would report it: event streams, recordings of them, and a FIFO in place of a device. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { EV_KEY, EV_SYN, type EventBytes, SYN_DROPPED, SYN_REPORT } from '../src/platforms/evdev/events.ts';

/** What happened: `[ms since the start, event type, code, value]`. */
export type Happening = readonly [ms: number, type: number, code: number, value: number];

/** A key edge (1 down, 0 up, 2 repeat) with the SYN_REPORT that ends it. */
export const edge = (ms: number, code: number, value: 0 | 1 | 2): Happening[] => [
  [ms, EV_KEY, code, value],
  [ms, EV_SYN, SYN_REPORT, 0],
];

/** The kernel's buffer ran over. */
export const dropped = (ms: number): Happening[] => [[ms, EV_SYN, SYN_DROPPED, 0]];

/** `struct input_event` for each (linux/input.h): two time words of a long each, then type, code, value. */
export function inputEvents(happenings: readonly Happening[], size: EventBytes = 24): Buffer {
  const long = size === 24 ? 8 : 4;
  return Buffer.concat(
    happenings.map(([ms, type, code, value]) => {
      const event = Buffer.alloc(size);
      event.writeUInt32LE(Math.floor(ms / 1000), 0);
      event.writeUInt32LE((ms % 1000) * 1000, long);
      event.writeUInt16LE(type, 2 * long);
      event.writeUInt16LE(code, 2 * long + 2);
      event.writeInt32LE(value, 2 * long + 4);
      return event;
    }),
  );
}

/**
 * A person holds `code` for `heldMs` on an infrared remote: repeats after 500 ms, then every 125 ms, and at `shadowAt` the beam is
 * interrupted, which looks like an up and, 200 ms later, a down.
 */
export function heldByInfrared(code: number, heldMs: number, shadowAt?: number): Happening[] {
  const out = edge(0, code, 1);
  for (let ms = 500; ms < heldMs; ms += 125) {
    if (shadowAt !== undefined && ms >= shadowAt && ms < shadowAt + 125) out.push(...edge(ms, code, 0), ...edge(ms + 200, code, 1));
    else if (shadowAt === undefined || ms < shadowAt || ms > shadowAt + 500) out.push(...edge(ms, code, 2));
  }
  return [...out, ...edge(heldMs + 125, code, 0)];
}

/** The recording `name` of this folder, as `cat /dev/input/eventN` gave it in 64-bit userland. */
export function recording(name: 'red-held' | 'sos'): Buffer {
  return readFileSync(fileURLToPath(new URL(`recordings/${name}.evdev`, import.meta.url)));
}

/** A FIFO in place of a device. */
export class FifoDevice {
  readonly path: string;
  #writer: FileHandle | undefined;

  constructor(path: string) {
    this.path = path;
    execFileSync('mkfifo', [path]);
  }

  /** Resolves when somebody reads: opening a FIFO for writing waits for that. */
  async isRead(): Promise<void> {
    this.#writer ??= await open(this.path, 'w');
  }

  async writes(bytes: Buffer): Promise<void> {
    await this.isRead();
    await this.#writer?.write(bytes);
  }

  /** Writes a recording (24-byte events) at its own pace, each event cut in two after `cut` bytes. */
  async plays(bytes: Buffer, cut = 13): Promise<void> {
    await this.isRead();
    const start = performance.now();
    for (let at = 0; at < bytes.length; at += 24) {
      const due = bytes.readUInt32LE(at) * 1000 + bytes.readUInt32LE(at + 8) / 1000;
      const wait = due - (performance.now() - start);
      if (wait > 0) await new Promise((resolve) => setTimeout(resolve, wait));
      await this.#writer?.write(bytes.subarray(at, at + cut));
      await this.#writer?.write(bytes.subarray(at + cut, at + 24));
    }
  }

  /** As if pulled out: the reader sees the end. */
  async goesAway(): Promise<void> {
    await this.#writer?.close();
    this.#writer = undefined;
  }
}
