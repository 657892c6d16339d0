/** Text on the screen. It is drawn again only when it changed. */
import { TextTokenizer } from '@lightningjs/core';
import { type Element, type Stage, snap } from './elements.ts';
import { COLOR, FONT, TYPE } from './theme.ts';

export interface LabelSpec {
  x: number;
  y: number;
  size: number;
  /** With a width the text keeps inside it: aligned, and broken into `lines` at most. */
  w?: number;
  lines?: number;
  align?: 'left' | 'center' | 'right';
  bold?: boolean;
  color?: number;
  lineHeight?: number;
  /** What does not fit `w` is written smaller, down to this size, before it is cut; with large type, what has room is written larger. */
  shrinkTo?: number;
  /** In a frame of its own size: large type does not change it. */
  framed?: boolean;
}

/** Nothing is written smaller than this: it could not be read from three metres. */
const SMALLEST = 33;

/** A line of text, or several. `y` is the top of the line; the characters stand in the middle of its height. */
export class Label {
  readonly element: Element;
  readonly lineHeight: number;
  private spec: LabelSpec;
  private shown = '';
  private color: number;

  constructor(stage: Stage, parent: Element, spec: LabelSpec) {
    this.spec = spec;
    this.color = spec.color ?? COLOR.white;
    this.lineHeight = spec.lineHeight ?? snap(spec.size * 1.35);
    this.element = stage.c({ x: spec.x, y: this.top(spec.y), visible: false });
    parent.childList.add(this.element);
  }

  set(text: string, color: number = this.color): void {
    if (text === this.shown && color === this.color) return;
    this.shown = text;
    this.color = color;
    this.element.visible = text !== '';
    if (text === '') return;
    const { lines = 1, align = 'left', bold = false } = this.spec;
    const w = Math.ceil((this.spec.w ?? 0) / 3) * 3;
    // Lightning takes a text's own width for drawn pixels: below a precision of 1 it would stretch it.
    if (w > 0) this.element.w = w;
    this.element.text = {
      text,
      fontFace: FONT.faces as unknown as string,
      fontStyle: bold ? 'bold' : '500',
      fontSize: this.sizeFor(text),
      lineHeight: this.lineHeight,
      verticalAlign: 'middle',
      textColor: color,
      textAlign: align,
      // One line that is too long ends in …, it does not run out of its box.
      ...(w > 0
        ? { w, wordWrapWidth: w, wordWrap: lines > 1, textOverflow: lines > 1 ? '' : 'ellipsis', maxLines: lines, maxLinesSuffix: '…' }
        : {}),
    };
  }

  /** Gives it another number of lines. */
  keepTo(lines: number): void {
    if (lines === this.spec.lines) return;
    this.spec = { ...this.spec, lines };
    const text = this.shown;
    this.shown = '';
    this.set(text);
  }

  /** Gives it another width; the text is cut to it. */
  fit(w: number): void {
    if (w === this.spec.w) return;
    this.spec = { ...this.spec, w };
    const text = this.shown;
    this.shown = '';
    this.set(text);
  }

  /** How wide the text is as it is written. */
  get width(): number {
    return measure(this.shown, this.sizeFor(this.shown), this.spec.bold === true);
  }

  get text(): string {
    return this.shown;
  }

  moveTo(x: number, y: number): void {
    this.element.patch({ x, y: this.top(y) });
  }

  /** How many lines the text takes, at the width given. */
  get lineCount(): number {
    const { w, lines = 1 } = this.spec;
    if (!this.shown) return 0;
    return w && lines > 1 ? Math.min(lines, wrapCount(this.shown, this.sizeFor(this.shown), this.spec.bold === true, w)) : 1;
  }

  private sizeFor(text: string): number {
    const { size, w, lines = 1, bold = false, framed = false, shrinkTo = Math.min(size, SMALLEST) } = this.spec;
    // Without a width others stand right beside it.
    if (!w) return size;
    const rows = (at: number) => (lines > 1 ? wrapCount(text, at, bold, w) : measure(text, at, bold) > w ? 2 : 1);
    let fitting = framed ? size : snap(size * TYPE.scale);
    // Large type takes no more lines: there is room for these only.
    const most = Math.min(lines, Math.max(1, rows(size)));
    while (fitting > size && rows(fitting) > most) fitting -= 3;
    while (fitting > shrinkTo && rows(fitting) > lines) fitting -= 3;
    return fitting;
  }

  /** Chinese characters sit low in Lightning's line: an eighth of their size makes it even. */
  private top(y: number): number {
    return snap(y - this.spec.size * 0.125);
  }
}

let ruler: CanvasRenderingContext2D | null = null;
/** Widths by font and text, few enough to weigh nothing: a wall has the same characters over and over, and asking the browser for one takes a slow box a tenth of a millisecond. */
const widths = new Map<string, number>();
const MOST_WIDTHS = 500;
/** What `widths` were measured with: with other faces they are others. */
let faces: readonly string[] = [];

/** How wide a text is, in stage units. */
export function measure(text: string, size: number, bold: boolean): number {
  ruler ??= document.createElement('canvas').getContext('2d');
  if (!ruler) return text.length * size;
  if (faces !== FONT.faces || widths.size >= MOST_WIDTHS) widths.clear();
  faces = FONT.faces;
  const font = `${bold ? 'bold' : '500'} ${size}px`;
  const key = `${font} ${text}`;
  let width = widths.get(key);
  if (width === undefined) {
    ruler.font = `${font} ${faces.map((f) => (f.indexOf(' ') < 0 ? f : `"${f}"`)).join(',')}`;
    width = ruler.measureText(text).width;
    widths.set(key, width);
  }
  return width;
}

function wrapCount(text: string, size: number, bold: boolean, w: number): number {
  let lines = 1;
  let used = 0;
  for (const piece of TextTokenizer.getTokenizer()(text)[0]!.tokens) {
    const width = measure(piece, size, bold);
    if (used + width > w) {
      lines++;
      used = piece === ' ' ? 0 : width;
    } else used += width;
  }
  return lines;
}
