/** Paints the pictures of one camera: its scene at a given time, its name, its clock. */
import { drawClock } from './clock.ts';
import { Frame } from './frame.ts';
import { type Planes, rasterise } from './raster.ts';
import { HEIGHT, type Pose, type Scene, type Sprite, WIDTH } from './scene.ts';

/** Sizes are rounded to steps of 3 %, so that somebody who walks away is drawn a few dozen times and not at each step. */
const STEP = Math.log(1.03);
/** Drawings kept for one camera; far more than any scene has. */
const CACHE_LIMIT = 4000;

export class CameraPicture {
  readonly #scene: Scene;
  readonly #still: Frame;
  readonly #name: Planes;
  readonly #frame = new Frame();
  readonly #drawn = new Map<string, Planes>();

  constructor(scene: Scene, name: string) {
    this.#scene = scene;
    this.#still = new Frame();
    this.#still.lay(rasterise(scene.background, WIDTH, HEIGHT), 0, 0);
    this.#name = rasterise(nameplate(name), WIDTH, 40);
  }

  /** The picture at `at` (ms since 1970), as I420. The buffer is used again by the next call. */
  paint(at: number): Frame {
    const frame = this.#frame;
    frame.copyFrom(this.#still);
    const standing: Array<{ sprite: Sprite; pose: Pose }> = [];
    for (const { sprite, at: pose } of this.#scene.actors) {
      const now = pose(at / 1000);
      if (now) standing.push({ sprite, pose: now });
    }
    standing.sort((a, b) => (a.pose.depth ?? a.pose.y) - (b.pose.depth ?? b.pose.y));
    for (const { sprite, pose } of standing) this.#place(frame, sprite, pose);
    frame.lay(this.#name, 0, 0);
    drawClock(frame, at);
    return frame;
  }

  #place(frame: Frame, sprite: Sprite, pose: Pose): void {
    const step = Math.round(Math.log(pose.scale) / STEP);
    const scale = Math.exp(step * STEP);
    const flip = pose.flip ?? false;
    const index = (pose.frame ?? 0) % sprite.frames;
    const key = `${sprite.id}/${index}/${step}/${flip}`;
    let drawing = this.#drawn.get(key);
    if (!drawing) {
      if (this.#drawn.size >= CACHE_LIMIT) this.#drawn.clear();
      drawing = rasterise(sprite.svg(index), sprite.width, sprite.height, scale, flip);
      this.#drawn.set(key, drawing);
    }
    const anchorX = flip ? sprite.width - sprite.anchor.x : sprite.anchor.x;
    frame.lay(drawing, Math.round(pose.x - anchorX * scale), Math.round(pose.y - sprite.anchor.y * scale));
  }
}

/** The camera's name as cameras burn it in: white with a dark outline, upper left. */
function nameplate(name: string): string {
  const text = (attributes: string) =>
    `<text x="16" y="29" font-family="Noto Sans CJK SC" font-weight="700" font-size="18" letter-spacing="1" ${attributes}>${name}</text>`;
  return text('fill="none" stroke="#0b1118" stroke-opacity=".75" stroke-width="3" stroke-linejoin="round"') + text('fill="#fff"');
}
