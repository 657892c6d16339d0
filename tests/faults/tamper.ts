/** Harms MQTT packets on their way, one by one, by a seeded hand. */
import type { Random } from '../harness/random.ts';
import type { Tamper } from './line.ts';
import { type Frame, frameSplitter } from './mqtt-frames.ts';

export const HARMS = ['duplicated', 'reordered', 'truncated', 'bit-flipped'] as const;
export type Harm = (typeof HARMS)[number];

const CONNECT = 1;
const PUBLISH = 3;

/** `probability` of harm for each packet; `tell` is called for each harm done. */
export function tamperer(random: Random, harms: readonly Harm[], probability: number, tell: (harm: Harm) => void): Tamper {
  return () => {
    const split = frameSplitter();
    let held: Buffer | undefined;
    return (chunk, pass, cut) => {
      for (const frame of split(chunk)) {
        // A connection must come about before it can be harmed.
        const harm = frame.type !== CONNECT && random.chance(probability) ? random.pick(harms) : undefined;
        if (harm !== undefined) tell(harm);
        if (harm === 'reordered' && frame.type === PUBLISH && held === undefined) {
          held = frame.bytes;
          continue;
        }
        if (harm === 'truncated') {
          pass(frame.bytes.subarray(0, random.int(1, frame.bytes.length)));
          // Half of a packet and then the next one, or half of a packet and then nothing.
          if (random.chance(0.5)) return cut();
          continue;
        }
        pass(harm === 'bit-flipped' ? flipped(frame, random) : frame.bytes);
        if (harm === 'duplicated') pass(frame.bytes);
        if (held) pass(held);
        held = undefined;
      }
    };
  };
}

function flipped({ bytes }: Frame, random: Random): Buffer {
  const copy = Buffer.from(bytes);
  const at = random.int(0, copy.length - 1);
  copy[at] = copy[at]! ^ (1 << random.int(0, 7));
  return copy;
}
