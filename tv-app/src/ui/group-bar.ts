/** The groups of cameras above the wall, where there are many. */
import type { WallView } from '../state/wall-view.ts';
import { box, type Element, group, type Stage, snap } from './elements.ts';
import { Label, measure } from './label.ts';
import { COLOR } from './theme.ts';

export class GroupBar {
  readonly root: Element;
  private readonly stage: Stage;
  private look = '';

  constructor(stage: Stage, x: number, y: number) {
    this.stage = stage;
    this.root = group(stage, x, y);
  }

  update(groups: WallView['groups']): void {
    this.root.visible = groups.length > 0;
    const look = groups.map((g) => `${g.label}${g.shown}${g.focused}`).join('|');
    if (look === this.look) return;
    this.look = look;
    this.root.childList.clear();
    let x = 0;
    for (const { label, shown, focused } of groups) {
      const w = snap(measure(label, 45, true) + 54);
      const color = focused ? COLOR.white : shown ? COLOR.amber : COLOR.card;
      const chip = box(this.stage, { x, y: 0, w, h: 72, radius: 18, color, stroke: focused ? 6 : 0, strokeColor: COLOR.amber });
      this.root.childList.add(chip);
      new Label(this.stage, chip, { x: 27, y: 6, size: 45, bold: true }).set(label, focused || shown ? COLOR.ink : COLOR.white);
      x += w + 18;
    }
  }
}
