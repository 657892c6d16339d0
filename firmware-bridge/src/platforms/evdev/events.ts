/** Reads `struct input_event` (linux/input.h) out of a stream of bytes that may be cut anywhere. */

export interface InputEvent {
  type: number;
  code: number;
  value: number;
}

/** Bytes of one event: 24 in 64-bit userland (two 8-byte time fields), 16 in 32-bit. */
export type EventBytes = 24 | 16;

/** Types and codes of linux/input-event-codes.h. */
export const EV_SYN = 0;
export const EV_KEY = 1;
export const SYN_REPORT = 0;
export const SYN_DROPPED = 3;
/** Values of a key event. */
export const KEY_UP = 0;
export const KEY_DOWN = 1;
export const KEY_REPEAT = 2;

/** Returns a function that takes chunks and gives the whole events in them; a rest waits for the next chunk. */
export function createEventParser(size: EventBytes): (chunk: Buffer) => InputEvent[] {
  let rest: Buffer = Buffer.alloc(0);
  const at = size - 8;
  return (chunk) => {
    const data = rest.length > 0 ? Buffer.concat([rest, chunk]) : chunk;
    const events: InputEvent[] = [];
    let offset = 0;
    for (; offset + size <= data.length; offset += size) {
      events.push({
        type: data.readUInt16LE(offset + at),
        code: data.readUInt16LE(offset + at + 2),
        value: data.readInt32LE(offset + at + 4),
      });
    }
    rest = Buffer.from(data.subarray(offset));
    return events;
  };
}

/** The size for this process's userland. */
export function nativeEventBytes(arch: string): EventBytes {
  return ['arm', 'ia32', 'mips', 'mipsel', 'ppc'].includes(arch) ? 16 : 24;
}
