/** How long the key has been held: a dial of ticks that fills, with the seconds that are left in it. */
import { type Element, group, type Stage } from './elements.ts';
import { Label } from './label.ts';

const TICKS = 60;

export class HoldDial {
  readonly root: Element;
  private readonly ticks: Element[] = [];
  private readonly seconds: Label;

  constructor(stage: Stage, x: number, y: number, radius: number) {
    this.root = group(stage, x, y);
    for (let i = 0; i < TICKS; i++) {
      const angle = (i / TICKS) * 2 * Math.PI;
      const tick = stage.c({
        x: Math.sin(angle) * radius,
        y: -Math.cos(angle) * radius,
        w: 12,
        h: 54,
        mountX: 0.5,
        pivotX: 0.5,
        pivotY: 0,
        rotation: angle,
        rect: true,
        color: 0xffffffff,
      });
      this.ticks.push(tick);
      this.root.childList.add(tick);
    }
    this.seconds = new Label(stage, this.root, { x: -150, y: -105, w: 300, size: 156, bold: true, align: 'center' });
  }

  /** `progress` from 0 to 1; `left` in ms. */
  update(progress: number, left: number): void {
    const full = Math.round(Math.max(0, Math.min(1, progress)) * TICKS);
    for (let i = 0; i < TICKS; i++) {
      const color = i < full ? 0xffffffff : 0x40ffffff;
      if (this.ticks[i]!.color !== color) this.ticks[i]!.color = color;
    }
    this.seconds.set(String(Math.max(0, Math.ceil(left / 1000))));
  }
}
