/** The few shapes that everything is made of. */
import Lightning from '@lightningjs/core';
import { COLOR } from './theme.ts';

export type Stage = Lightning.Stage;
export type Element = Lightning.Element;

/** Whole pixels at 1080p and at 720p. */
export function snap(v: number): number {
  return Math.round(v / 3) * 3;
}

export function group(stage: Stage, x = 0, y = 0): Element {
  return stage.c({ x, y });
}

export interface BoxSpec {
  x: number;
  y: number;
  w: number;
  h: number;
  color?: number;
  radius?: number;
  stroke?: number;
  strokeColor?: number;
}

/** A filled box; with `radius` or `stroke` a rounded or outlined one. */
export function box(stage: Stage, spec: BoxSpec): Element {
  const { x, y, w, h, color = COLOR.clear, radius = 0, stroke = 0, strokeColor = COLOR.clear } = spec;
  if (!radius && !stroke) return stage.c({ x, y, w, h, rect: true, color });
  const element = stage.c({ x, y, w, h });
  reshape(element, w, h, color, radius, stroke, strokeColor);
  return element;
}

/** Changes a rounded box's look. The texture is two pixels and a stroke wider than what is asked for. */
export function reshape(
  element: Element,
  w: number,
  h: number,
  color: number,
  radius: number,
  stroke = 0,
  strokeColor: number = COLOR.clear,
) {
  element.patch({
    w,
    h,
    texture: Lightning.Tools.getRoundRect(w - stroke - 2, h - stroke - 2, radius, stroke, strokeColor, color >>> 24 > 0, color),
  });
}

/** Top to bottom, from one colour to another. */
export function fade(stage: Stage, x: number, y: number, w: number, h: number, top: number, bottom: number): Element {
  return stage.c({ x, y, w, h, rect: true, colorTop: top, colorBottom: bottom });
}

/** No fewer than there are levels between the two colours (33), and whole pixels at each size. */
const GROUND_STEPS = 36;

/**
 * What stands behind every page that is not a picture: top to bottom, from one colour to another, in plain boxes. They look as a gradient
 * does, which canvas2d computes anew for two million points of every frame: measured 2 of the 13 ms from a key to its frame.
 */
export function ground(stage: Stage, w: number, h: number, top: number, bottom: number): Element {
  const root = group(stage);
  const step = h / GROUND_STEPS;
  const mixed = (i: number, shift: number) => {
    const from = (top >>> shift) & 255;
    return Math.round(from + ((((bottom >>> shift) & 255) - from) * (i + 0.5)) / GROUND_STEPS) * 2 ** shift;
  };
  for (let i = 0; i < GROUND_STEPS; i++)
    root.childList.add(box(stage, { x: 0, y: i * step, w, h: step, color: 0xff000000 + mixed(i, 16) + mixed(i, 8) + mixed(i, 0) }));
  return root;
}
