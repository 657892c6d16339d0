/** While an alarm may still be withdrawn quietly: the seconds that are left, as large as fits, and how. */
import { BACK } from '../words.ts';
import { box, type Element, group, type Stage } from './elements.ts';
import { Label } from './label.ts';
import { COLOR } from './theme.ts';

export class WithdrawBlock {
  readonly root: Element;
  private readonly seconds: Label;

  constructor(stage: Stage, x: number, y: number, w: number) {
    this.root = group(stage, x, y);
    this.root.childList.add(box(stage, { x: 0, y: 0, w, h: 207, radius: 24, color: COLOR.card, stroke: 6, strokeColor: COLOR.amber }));
    this.seconds = new Label(stage, this.root, {
      x: 12,
      y: 0,
      w: 228,
      size: 150,
      bold: true,
      align: 'center',
      color: COLOR.amber,
      shrinkTo: 120,
    });
    new Label(stage, this.root, { x: 249, y: 24, w: w - 273, size: 54, bold: true }).set(BACK.withdrawTitle);
    new Label(stage, this.root, { x: 249, y: 108, w: w - 273, size: 51, bold: true }).set(BACK.withdrawHow);
  }

  update(seconds: number | undefined): void {
    this.root.visible = seconds !== undefined;
    if (seconds !== undefined) this.seconds.set(String(seconds));
  }
}
