/** Text on the screen. It is drawn again only when it changed. */
import { TextTokenizer } from '@lightningjs/core';
import { type Element, type Stage, snap } from './elements.ts';
import { COLOR, FONT_FACES } from './theme.ts';

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
  /** A line that is too long for `w` is written smaller, down to this size, before it is cut. */
  shrinkTo?: number;
}

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
      fontFace: FONT_FACES as unknown as string,
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

  /** Gives it another width; the text is cut to it. */
  fit(w: number): void {
    if (w === this.spec.w) return;
    this.spec = { ...this.spec, w };
    const text = this.shown;
    this.shown = '';
    this.set(text);
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
    return w && lines > 1 ? Math.min(lines, wrapCount(this.shown, this.spec.size, this.spec.bold === true, w)) : 1;
  }

  private sizeFor(text: string): number {
    const { size, w, bold = false, shrinkTo = size } = this.spec;
    let fitting = size;
    while (w && fitting > shrinkTo && measure(text, fitting, bold) > w) fitting -= 3;
    return fitting;
  }

  /** Chinese characters sit low in Lightning's line: an eighth of their size makes it even. */
  private top(y: number): number {
    return snap(y - this.spec.size * 0.125);
  }
}

let ruler: CanvasRenderingContext2D | null = null;

/** How wide a text is, in stage units. */
export function measure(text: string, size: number, bold: boolean): number {
  ruler ??= document.createElement('canvas').getContext('2d');
  if (!ruler) return text.length * size;
  ruler.font = `${bold ? 'bold' : '500'} ${size}px ${FONT_FACES.map((f) => (f.indexOf(' ') < 0 ? f : `"${f}"`)).join(',')}`;
  return ruler.measureText(text).width;
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
