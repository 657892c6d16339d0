/** A browser good enough for Lightning: jsdom with a 2d context that remembers what was written on it. Import in a jsdom test. */

export interface Written {
  text: string;
  /** Pixels. */
  size: number;
}

/** Every text drawn since the start, and every canvas asked for. */
export const written: Written[] = [];

function context(canvas: HTMLCanvasElement): unknown {
  let font = '10px x';
  const size = () => Number(/([\d.]+)px/.exec(font)?.[1] ?? 10);
  const known: Record<string, unknown> = {
    canvas,
    // Chinese characters are square, others about half as wide.
    measureText: (text: string) => ({ width: Array.from(text).reduce((w, c) => w + (c.charCodeAt(0) > 0x2e80 ? 1 : 0.56) * size(), 0) }),
    fillText: (text: string) => written.push({ text, size: size() }),
    createLinearGradient: () => ({ addColorStop: () => {} }),
    getImageData: () => ({ data: new Uint8ClampedArray(4) }),
  };
  return new Proxy(known, {
    get: (target, name: string) => (name === 'font' ? font : name in target ? target[name] : () => {}),
    set: (target, name: string, value) => {
      if (name === 'font') font = value as string;
      else target[name] = value;
      return true;
    },
  });
}

/** Puts the stand-ins in place. */
export function installCanvas(): void {
  globalThis.ImageData ??= class {} as unknown as typeof ImageData;
  const contexts = new WeakMap<HTMLCanvasElement, unknown>();
  HTMLCanvasElement.prototype.getContext = function getContext(this: HTMLCanvasElement) {
    let found = contexts.get(this);
    if (!found) {
      found = context(this);
      contexts.set(this, found);
    }
    return found as never;
  } as never;
}
