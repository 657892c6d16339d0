/** One camera of the wall: picture, name, distance, how fresh it is. */
import type { TileView } from '../state/wall-view.ts';
import { box, type Element, group, reshape, type Stage, snap } from './elements.ts';
import { Label, measure } from './label.ts';
import { StillPicture } from './still-picture.ts';
import { COLOR } from './theme.ts';

export const TILE = { w: 564, h: 387, picture: 315 } as const;
const RING = 9;
const PAD = 18;
const CAPTION = TILE.picture + 9;
/** How fresh, on the dark caption and on the white one of the highlighted tile. */
const BADGE = {
  good: { dark: COLOR.green, light: 0xff0b6b36 },
  old: { dark: COLOR.amber, light: 0xff8a4f00 },
  off: { dark: 0xffff9d8f, light: 0xffb3211f },
} as const;

export class Tile {
  readonly root: Element;
  private readonly card: Element;
  private readonly picture: StillPicture;
  private readonly dot: Element;
  private readonly badge: Label;
  private readonly note: Label;
  private readonly name: Label;
  private readonly distance: Label;
  private look = '';

  constructor(stage: Stage, x: number, y: number) {
    this.root = group(stage, x, y);
    this.card = box(stage, {
      x: -RING,
      y: -RING,
      w: TILE.w + 2 * RING,
      h: TILE.h + 2 * RING,
      radius: 15,
      color: COLOR.white,
      stroke: 9,
      strokeColor: COLOR.amber,
    });
    const black = box(stage, { x: 0, y: 0, w: TILE.w, h: TILE.picture, color: 0xff050b14 });
    this.note = new Label(stage, black, { x: 0, y: 126, w: TILE.w, size: 36, align: 'center', color: COLOR.faint });
    this.picture = new StillPicture(stage, TILE.w, TILE.picture);
    this.dot = box(stage, { x: 0, y: CAPTION + 18, w: 18, h: 18, radius: 8, color: COLOR.green });
    for (const element of [this.card, black, this.picture.element, this.dot]) this.root.childList.add(element);
    this.name = new Label(stage, this.root, { x: PAD, y: CAPTION - 3, w: 300, size: 42, bold: true, shrinkTo: 30 });
    this.badge = new Label(stage, this.root, { x: 0, y: CAPTION + 3, size: 33 });
    this.distance = new Label(stage, this.root, { x: TILE.w - PAD - 200, y: CAPTION, w: 200, size: 36, align: 'right' });
  }

  update(view: TileView | undefined): void {
    this.root.visible = view !== undefined;
    if (!view) return;
    this.picture.show(view.cameraId, view.url);
    this.note.set(view.note);
    const look = [view.focused, view.badge.text, view.badge.tone, view.name, view.distance].join('|');
    if (look === this.look) return;
    this.look = look;
    this.caption(view);
  }

  /** Name, how fresh, how far: under the picture, which nothing covers. A name that is too long gives way. */
  private caption(view: TileView): void {
    const ink = view.focused ? COLOR.ink : COLOR.white;
    const color = BADGE[view.badge.tone][view.focused ? 'light' : 'dark'];
    this.card.visible = view.focused;
    this.distance.set(view.distance, view.focused ? COLOR.ink : COLOR.soft);
    const wanted = measure(view.name, 42, true) + 3;
    const room = TILE.w - 2 * PAD - measure(view.distance, 36, false) - 48 - 18;
    const badgeW = 12 + measure(view.badge.text, 33, false);
    const nameW = Math.min(wanted, room - badgeW);
    this.name.fit(Math.ceil(nameW));
    this.name.set(view.name, ink);
    const x = snap(PAD + nameW + 24);
    this.dot.x = x;
    reshape(this.dot, 18, 18, color, 8);
    this.badge.moveTo(x + 30, CAPTION + 3);
    this.badge.set(view.badge.text, color);
  }
}
