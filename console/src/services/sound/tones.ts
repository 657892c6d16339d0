/** The room's sounds, computed: nothing is downloaded, so nothing can be missing. Mono samples from -1 to 1. */

interface Note {
  /** Hz; 0 is a rest. */
  hz: number;
  /** Seconds. */
  s: number;
}

/** High-low three times, then a breath: carries through a room, and is no telephone's ring. Repeated until somebody signs. */
const ALARM: Note[] = [
  { hz: 988, s: 0.22 },
  { hz: 740, s: 0.22 },
  { hz: 988, s: 0.22 },
  { hz: 740, s: 0.22 },
  { hz: 988, s: 0.22 },
  { hz: 740, s: 0.22 },
  { hz: 0, s: 0.68 },
];

/** Two rising notes: something happened in a case that is already in hand. */
const NOTICE: Note[] = [
  { hz: 523, s: 0.14 },
  { hz: 784, s: 0.22 },
];

/** Three low notes: the line to the centre is down. */
const LOST: Note[] = [
  { hz: 392, s: 0.2 },
  { hz: 330, s: 0.2 },
  { hz: 262, s: 0.4 },
];

export const TONES = { alarm: ALARM, notice: NOTICE, lost: LOST } as const;
export type ToneName = keyof typeof TONES;

/** Seconds. */
export function toneLength(name: ToneName): number {
  return TONES[name].reduce((sum, note) => sum + note.s, 0);
}

/** Samples of a tone. Two overtones make it heard on small loudspeakers; edges are softened so that nothing clicks. */
export function renderTone(name: ToneName, sampleRate: number): Float32Array<ArrayBuffer> {
  const out = new Float32Array(new ArrayBuffer(4 * Math.round(toneLength(name) * sampleRate)));
  let start = 0;
  for (const { hz, s } of TONES[name]) {
    const length = Math.round(s * sampleRate);
    const edge = Math.round(0.012 * sampleRate);
    for (let i = 0; hz > 0 && i < length && start + i < out.length; i++) {
      const phase = (2 * Math.PI * hz * i) / sampleRate;
      const wave = (Math.sin(phase) + 0.35 * Math.sin(2 * phase) + 0.2 * Math.sin(3 * phase)) / 1.55;
      out[start + i] = wave * Math.min(1, i / edge, (length - i) / edge);
    }
    start += length;
  }
  return out;
}
