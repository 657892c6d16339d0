/** Small drawings, made once each on a canvas: the font has no such signs, or draws them differently on every box. */
import Lightning from '@lightningjs/core';
import type { Element, Stage } from './elements.ts';

export type IconName = 'check' | 'phone' | 'warn' | 'left' | 'right' | 'up' | 'sides' | 'dash';

type Draw = (c: CanvasRenderingContext2D) => void;

/** Each in a square of 48, stroke and fill already in the wanted colour. */
const DRAWINGS: Record<IconName, Draw> = {
  check: (c) => line(c, 7, [10, 25, 20, 35, 38, 14]),
  dash: (c) => line(c, 7, [13, 24, 35, 24]),
  phone: (c) => {
    c.lineWidth = 9;
    c.beginPath();
    c.moveTo(11, 8);
    c.bezierCurveTo(10, 24, 24, 38, 40, 37);
    c.stroke();
    line(c, 13, [12, 10, 16, 14]);
    line(c, 13, [34, 32, 38, 36]);
  },
  warn: (c) => {
    polygon(c, [24, 4, 46, 43, 2, 43]);
    c.globalCompositeOperation = 'destination-out';
    line(c, 5, [24, 18, 24, 29]);
    line(c, 5, [24, 36, 24, 36.1]);
    c.globalCompositeOperation = 'source-over';
  },
  left: (c) => polygon(c, [33, 8, 33, 40, 11, 24]),
  right: (c) => polygon(c, [15, 8, 15, 40, 37, 24]),
  up: (c) => polygon(c, [8, 33, 40, 33, 24, 11]),
  /** The two keys beside OK. */
  sides: (c) => {
    polygon(c, [3, 24, 19, 10, 19, 38]);
    polygon(c, [45, 24, 29, 10, 29, 38]);
  },
};

function line(c: CanvasRenderingContext2D, width: number, p: number[]): void {
  c.lineWidth = width;
  c.beginPath();
  c.moveTo(p[0]!, p[1]!);
  for (let i = 2; i < p.length; i += 2) c.lineTo(p[i]!, p[i + 1]!);
  c.stroke();
}

function polygon(c: CanvasRenderingContext2D, p: number[]): void {
  c.beginPath();
  c.moveTo(p[0]!, p[1]!);
  for (let i = 2; i < p.length; i += 2) c.lineTo(p[i]!, p[i + 1]!);
  c.closePath();
  c.fill();
}

function css(argb: number): string {
  return `rgba(${(argb >>> 16) & 255},${(argb >>> 8) & 255},${argb & 255},${(argb >>> 24) / 255})`;
}

export function iconTexture(name: IconName, size: number, color: number) {
  const factory = (cb: (error: null, canvas: HTMLCanvasElement) => void) => {
    const canvas = document.createElement('canvas');
    canvas.width = canvas.height = size;
    const c = canvas.getContext('2d')!;
    c.scale(size / 48, size / 48);
    c.strokeStyle = c.fillStyle = css(color);
    c.lineCap = c.lineJoin = 'round';
    DRAWINGS[name](c);
    cb(null, canvas);
  };
  return Lightning.Tools.getCanvasTexture(factory, `icon-${name}-${size}-${color}`);
}

export function icon(stage: Stage, name: IconName, x: number, y: number, size: number, color: number): Element {
  return stage.c({ x, y, w: size, h: size, texture: iconTexture(name, size, color) });
}
