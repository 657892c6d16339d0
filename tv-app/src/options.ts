/** What the page's address may change: `?webgl=1` draws by WebGL, `?stage=720` or `?stage=1080` fixes the drawing's size. */
export interface StageOptions {
  w: number;
  h: number;
  /** Drawn pixels for one stage unit. */
  precision: number;
  canvas2d: boolean;
}

/** A box at 720p draws 1280×720, one at 1080p 1920×1080; a window of another size draws as many pixels as it shows. */
export function stageOptions(query: string, window: { w: number; h: number; ratio: number }): StageOptions {
  const asked = /[?&]stage=(720|1080)\b/.exec(query)?.[1];
  const fit = Math.min((window.w * window.ratio) / 1920, (window.h * window.ratio) / 1080);
  const precision = asked === '720' ? 2 / 3 : asked === '1080' ? 1 : Math.max(1 / 3, Math.min(1, fit || 1));
  return {
    w: Math.round(1920 * precision),
    h: Math.round(1080 * precision),
    precision,
    canvas2d: !/[?&]webgl=1\b/.test(query),
  };
}
