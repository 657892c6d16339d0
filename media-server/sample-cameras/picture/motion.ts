/** Ways for actors to move, as functions of the time alone. */
import type { Actor, Pose, Sprite } from './scene.ts';

export interface Stop {
  x: number;
  y: number;
  scale: number;
}

export interface Journey {
  from: Stop;
  to: Stop;
  /** s on the way. */
  takes: number;
  /** s from one start to the next; the actor is away between arriving and starting again. */
  every: number;
  /** s by which this journey is late against others with the same `every`. */
  late?: number;
  /** Sprite frames a second. */
  rate?: number;
  depth?: number;
}

/**
 * Goes from one place to another, again and again. Whoever goes into the depth of the picture at a steady pace is seen to
 * shrink as 1 / distance, and moves along the line of sight accordingly.
 */
export function goes(sprite: Sprite, { from, to, takes, every, late = 0, rate = 10, depth }: Journey): Actor {
  return {
    sprite,
    at: (t) => {
      const since = modulo(t - late, every);
      if (since > takes) return undefined;
      const way = since / takes;
      const scale = 1 / (1 / from.scale + (1 / to.scale - 1 / from.scale) * way);
      const along = from.scale === to.scale ? way : (scale - from.scale) / (to.scale - from.scale);
      const pose: Pose = {
        x: from.x + (to.x - from.x) * along,
        y: from.y + (to.y - from.y) * along,
        scale,
        flip: to.x < from.x,
        frame: Math.floor(t * rate),
      };
      return depth === undefined ? pose : { ...pose, depth };
    },
  };
}

/** Stays where it is; its frames run on at `rate` a second. */
export function stays(sprite: Sprite, pose: Pose, rate = 0, late = 0): Actor {
  return { sprite, at: (t) => ({ ...pose, frame: rate ? Math.floor((t + late) * rate) : (pose.frame ?? 0) }) };
}

/** As `goes`, but never mirrored: for somebody seen from the front or from behind. */
export function comes(sprite: Sprite, journey: Journey): Actor {
  const actor = goes(sprite, journey);
  return {
    sprite,
    at: (t) => {
      const pose = actor.at(t);
      return pose && { ...pose, flip: false };
    },
  };
}

function modulo(value: number, by: number): number {
  return ((value % by) + by) % by;
}

/** A thing that stands in the picture and hides whoever walks behind it. (x, y): its lower left corner. */
export function stands(id: string, inner: string, width: number, height: number, x: number, y: number): Actor {
  return stays({ id, width, height, frames: 1, anchor: { x: 0, y: height }, svg: () => inner }, { x, y, scale: 1 });
}
