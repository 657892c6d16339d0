/** What a camera's description says of its sound. */

export interface AudioFormat {
  codec: 'aac' | 'pcma' | 'pcmu';
  sampleRate: number;
  channels: number;
  /** AudioSpecificConfig; empty for G.711. */
  config: Buffer;
  /** Samples in an access unit of AAC. */
  frameSamples: number;
}

/** Sampling frequencies by index (ISO/IEC 14496-3, table 1.18). */
const RATES = [96_000, 88_200, 64_000, 48_000, 44_100, 32_000, 24_000, 22_050, 16_000, 12_000, 11_025, 8000, 7350];
/** Channels by configuration (table 1.19). */
const CHANNELS = [0, 1, 2, 3, 4, 5, 6, 8];
const AAC_LC = 2;
const SBR = 5;
const PS = 29;

/** Reads an AudioSpecificConfig (ISO/IEC 14496-3, 1.6.2.1) of AAC. Undefined where it is broken, or of another kind of sound. */
export function readAudioConfig(config: Buffer): AudioFormat | undefined {
  if (config.length < 2 || config.length > 64) return undefined;
  let at = 0;
  const bits = (count: number): number => {
    let value = 0;
    for (let i = 0; i < count; i++, at++) value = value * 2 + (((config[at >> 3] ?? 0) >> (7 - (at & 7))) & 1);
    return value;
  };
  const objectType = (): number => {
    const type = bits(5);
    return type === 31 ? 32 + bits(6) : type;
  };
  const frequency = (): number | undefined => {
    const index = bits(4);
    return index === 15 ? bits(24) : RATES[index];
  };
  let type = objectType();
  const sampleRate = frequency();
  const channels = CHANNELS[bits(4)];
  if (type === SBR || type === PS) {
    frequency();
    type = objectType();
  }
  // frameLengthFlag of GASpecificConfig (4.4.1).
  const frameSamples = bits(1) ? 960 : 1024;
  if (type < 1 || type > 4 || at > config.length * 8 || !sampleRate || sampleRate < 4000 || !channels) return undefined;
  return { codec: 'aac', sampleRate, channels, config: Buffer.from(config), frameSamples };
}

/** The AudioSpecificConfig of AAC-LC as an ADTS header describes it. Undefined for what ADTS cannot say. */
export function audioConfigOf(objectType: number, rateIndex: number, channels: number): AudioFormat | undefined {
  if (objectType !== AAC_LC || rateIndex >= RATES.length) return undefined;
  return readAudioConfig(Buffer.from([(objectType << 3) | (rateIndex >> 1), ((rateIndex & 1) << 7) | (channels << 3)]));
}

export function g711(codec: 'pcma' | 'pcmu', sampleRate: number, channels: number): AudioFormat {
  return { codec, sampleRate, channels, config: Buffer.alloc(0), frameSamples: 0 };
}
