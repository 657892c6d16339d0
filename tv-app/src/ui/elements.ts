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
