/** The alarm's way, step by step: what has happened is ticked, with its time; what is waited for is marked. */
import type { StepView } from '../state/timeline.ts';
import { box, type Element, group, reshape, type Stage } from './elements.ts';
import { icon, iconTexture } from './icons.ts';
import { Label } from './label.ts';
import { COLOR } from './theme.ts';

export const ROW_H = 54;
const DOT = 42;

class Row {
  readonly root: Element;
  private readonly dot: Element;
  private readonly sign: Element;
  private readonly line: Element;
  private readonly label: Label;
  private readonly time: Label;
  private look = '';

  constructor(stage: Stage, w: number, y: number, first: boolean) {
    this.root = group(stage, 0, y);
    this.line = box(stage, { x: 18, y: -6, w: 3, h: 12, color: COLOR.line });
    this.line.visible = !first;
    this.dot = box(stage, { x: 0, y: 6, w: DOT, h: DOT, radius: 18, color: COLOR.card });
    this.sign = icon(stage, 'check', 6, 12, 30, COLOR.ink);
    for (const element of [this.line, this.dot, this.sign]) this.root.childList.add(element);
    this.label = new Label(stage, this.root, { x: 60, y: -2, w: w - 60 - 264, size: 42 });
    this.time = new Label(stage, this.root, { x: w - 264, y: 0, w: 264, size: 36, align: 'right', color: COLOR.soft });
  }

  update(step: StepView): void {
    const { mark } = step;
    this.label.set(step.label, mark === 'done' ? COLOR.white : mark === 'now' ? COLOR.amber : COLOR.faint);
    this.time.set(step.time);
    if (mark === this.look) return;
    this.look = mark;
    const outline = mark === 'now' ? COLOR.amber : COLOR.line;
    reshape(this.dot, DOT, DOT, mark === 'done' ? COLOR.green : COLOR.night, mark === 'done' ? 20 : 17, mark === 'done' ? 0 : 6, outline);
    this.sign.visible = mark === 'done' || mark === 'skipped';
    this.sign.texture = iconTexture(mark === 'done' ? 'check' : 'dash', 30, mark === 'done' ? COLOR.ink : COLOR.faint);
    this.line.color = mark === 'done' ? COLOR.green : COLOR.line;
  }
}

export class Timeline {
  readonly root: Element;
  private readonly rows: Row[] = [];
  private readonly stage: Stage;
  private readonly w: number;

  constructor(stage: Stage, x: number, y: number, w: number) {
    this.stage = stage;
    this.w = w;
    this.root = group(stage, x, y);
  }

  update(steps: readonly StepView[]): void {
    this.rows.forEach((row, i) => {
      row.root.visible = i < steps.length;
    });
    steps.forEach((step, i) => {
      let row = this.rows[i];
      if (!row) {
        row = new Row(this.stage, this.w, i * ROW_H, i === 0);
        this.rows.push(row);
        this.root.childList.add(row.root);
      }
      row.update(step);
    });
  }
}
