import type { EncoderListener, StartEncoder } from '../feed/encoder.ts';

export const SPS = Uint8Array.of(0x67, 0x42, 0xc0, 0x1f, 0xda, 0x02);
export const PPS = Uint8Array.of(0x68, 0xce, 0x3c, 0x80);

/** An encoder whose pictures the test makes. */
export class FakeEncoder {
  starts = 0;
  stops = 0;
  #listener: EncoderListener | undefined;
  readonly start: StartEncoder = (listener) => {
    this.starts++;
    this.#listener = listener;
    queueMicrotask(() => listener.parameterSets(SPS, PPS));
    return {
      stop: () => {
        this.stops++;
        this.#listener = undefined;
      },
    };
  };

  /** One picture of `size` bytes painted at `at`. */
  picture(key: boolean, at: number, size = 100): Uint8Array {
    const nal = new Uint8Array(size).map((_, i) => i % 251);
    nal[0] = key ? 0x65 : 0x41;
    this.#listener?.picture({ nals: [nal], key, at });
    return nal;
  }

  dies(): void {
    const listener = this.#listener;
    this.#listener = undefined;
    listener?.ended(new Error('killed'));
  }
}
