/** Black boxes over parts of a camera's picture that are nobody's business: a window, a yard, a door. */
import { Type } from '@sinclair/typebox';

const Share = (minimum: number) => Type.Number({ minimum, maximum: 1 });

/** In shares of the picture's width and height, from its upper left corner; so it fits the main and the smaller stream. */
export const MaskSchema = Type.Object(
  { x: Share(0), y: Share(0), width: Share(0.001), height: Share(0.001) },
  { additionalProperties: false },
);

/** In shares of the picture, 0…1. */
export interface Mask {
  x: number;
  y: number;
  width: number;
  height: number;
}

export const MAX_MASKS = 16;

/** ffmpeg's filters that draw them (drawbox), each rounded outwards to whole pairs of pixels, as colour is stored in pairs. */
export function maskFilters(masks: readonly Mask[]): string[] {
  return masks.map(({ x, y, width, height }) => {
    const left = `2*floor(iw*${x}/2)`;
    const top = `2*floor(ih*${y}/2)`;
    const right = `2*ceil(iw*${x + width}/2)`;
    const bottom = `2*ceil(ih*${y + height}/2)`;
    return `drawbox=x=${left}:y=${top}:w=${right}-${left}:h=${bottom}-${top}:color=black:t=fill`;
  });
}

/** Both, each box once: a clip is shown with those of when it was recorded, and with those of today. */
export function allMasks(some: readonly Mask[] = [], more: readonly Mask[] = []): Mask[] {
  const key = ({ x, y, width, height }: Mask) => [x, y, width, height].join();
  return [...new Map([...some, ...more].map((m) => [key(m), m])).values()];
}
