/** What a sample camera looks at: a painted background and actors whose place depends on nothing but the time. */

export const WIDTH = 640;
export const HEIGHT = 360;
/** Frames a second. */
export const RATE = 12;

/** A drawing with one or more frames. `svg` gives what stands inside `<svg viewBox="0 0 width height">`. */
export interface Sprite {
  /** Unique among all sprites: the key of the raster cache. */
  id: string;
  width: number;
  height: number;
  frames: number;
  /** The point of the drawing that is placed: the feet. */
  anchor: { x: number; y: number };
  svg(frame: number): string;
}

/** Where and how an actor stands at an instant, in picture pixels. */
export interface Pose {
  x: number;
  y: number;
  scale: number;
  /** Mirrored. */
  flip?: boolean;
  frame?: number;
  /** What stands nearer hides what stands farther; `y` unless said. */
  depth?: number;
}

export interface Actor {
  sprite: Sprite;
  /** `t`: seconds since 1970. Undefined: not in the picture. */
  at(t: number): Pose | undefined;
}

export interface Scene {
  /** What stands inside `<svg viewBox="0 0 640 360">`. */
  background: string;
  actors: Actor[];
}
