/** The reverse of `BitReader`: writes H.264 syntax elements (ITU-T H.264, 7.2 and 9.1). */
export class BitWriter {
  readonly #bytes: number[] = [];
  #used = 0;

  bit(value: number): this {
    if (this.#used === 0) this.#bytes.push(0);
    this.#bytes[this.#bytes.length - 1]! |= (value & 1) << (7 - this.#used);
    this.#used = (this.#used + 1) & 7;
    return this;
  }

  bits(value: number, count: number): this {
    for (let i = count - 1; i >= 0; i--) this.bit(Math.floor(value / 2 ** i) & 1);
    return this;
  }

  ue(value: number): this {
    const length = Math.floor(Math.log2(value + 1));
    return this.bits(0, length).bits(value + 1, length + 1);
  }

  se(value: number): this {
    return this.ue(value > 0 ? 2 * value - 1 : -2 * value);
  }

  alignZero(): this {
    while (this.#used !== 0) this.bit(0);
    return this;
  }

  /** rbsp_trailing_bits, emulation prevention, and the header byte in front: a whole NAL unit. */
  nal(header: number): Buffer {
    this.bit(1).alignZero();
    const out: number[] = [header];
    let zeros = 0;
    for (const byte of this.#bytes) {
      if (zeros >= 2 && byte <= 3) {
        out.push(3);
        zeros = 0;
      }
      out.push(byte);
      zeros = byte === 0 ? zeros + 1 : 0;
    }
    return Buffer.from(out);
  }
}
