/** What the kernel says that a device can send. A box has buttons and sensors among its input devices: reading those proves no alarm key. */
import { readFileSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';

/**
 * Whether the device `path` (`/dev/input/event3`) can send one of the codes, by its bitmap in sysfs. True where sysfs does not say.
 * `wordBits`: of a `long` in this userland, in which the kernel prints the bitmap.
 */
export function canSend(path: string, codes: Iterable<number>, wordBits: 32 | 64, sysClass = '/sys/class/input'): boolean {
  let text: string;
  try {
    // A FIFO or a recording in place of a device is none of the kernel's.
    if (!statSync(path).isCharacterDevice()) return true;
    text = readFileSync(join(sysClass, basename(path), 'device/capabilities/key'), 'utf8');
  } catch {
    return true;
  }
  // Words in hexadecimal without leading zeros, the highest first.
  const words = text.trim().split(/\s+/).reverse();
  for (const code of codes) {
    const word = words[Math.floor(code / wordBits)];
    if (word && (BigInt(`0x${word}`) >> BigInt(code % wordBits)) & 1n) return true;
  }
  return false;
}
