/** The tab's title: calm, or alternating with the number of cases that call for a person, to be seen from another tab. */
export interface TitleFlasherOptions {
  setTitle: (title: string) => void;
  /** Calls `run` every `ms`; returns how to stop. */
  every: (ms: number, run: () => void) => () => void;
}

export const FLASH_MS = 1000;

export class TitleFlasher {
  readonly #o: TitleFlasherOptions;
  #base = '守望';
  #count = 0;
  #on = false;
  #stop: (() => void) | undefined;

  constructor(options: TitleFlasherOptions) {
    this.#o = options;
  }

  /** `base`: the calm title. `count`: cases that call for a person. */
  show(base: string, count: number): void {
    const changed = count !== this.#count || base !== this.#base;
    this.#base = base;
    this.#count = count;
    if (count === 0) {
      this.#stop?.();
      this.#stop = undefined;
    } else if (!this.#stop) {
      this.#stop = this.#o.every(FLASH_MS, () => {
        this.#on = !this.#on;
        this.#draw();
      });
    }
    if (changed) {
      this.#on = count > 0;
      this.#draw();
    }
  }

  close(): void {
    this.#stop?.();
    this.#stop = undefined;
    this.#o.setTitle(this.#base);
  }

  #draw(): void {
    this.#o.setTitle(this.#on ? `🔴（${this.#count}）报警等人处理` : this.#count > 0 ? `（${this.#count}）${this.#base}` : this.#base);
  }
}
