/** One camera of the wall: picture, name, distance, how fresh it is. */
import type { TileView } from '../state/wall-view.ts';
import { box, type Element, group, reshape, type Stage, snap } from './elements.ts';
import { Label, measure } from './label.ts';
import { StillPicture } from './still-picture.ts';
import { COLOR } from './theme.ts';

export const TILE = { w: 564, h: 387, picture: 315 } as const;
const RING = 9;
const PAD = 15;
const CAPTION = TILE.picture + 3;
const CHIP_H = 60;
/** How fresh: over the picture, on a dark ground. */
const badgeColor = (tone: TileView['badge']['tone']) => ({ good: COLOR.green, old: COLOR.amber, off: 0xffff9d8f })[tone];

/** Name and distance, in the colours of one look. */
class Caption {
  readonly root: Element;
  private readonly name: Label;
  private readonly distance: Label;

  constructor(stage: Stage, colors: { name: number; distance: number }) {
    this.root = group(stage);
    this.name = new Label(stage, this.root, { x: PAD, y: CAPTION, w: 380, size: 48, bold: true, shrinkTo: 36, color: colors.name });
    const right = { x: TILE.w - PAD - 200, y: CAPTION + 6, w: 200, align: 'right' } as const;
    this.distance = new Label(stage, this.root, { ...right, size: 39, shrinkTo: 39, color: colors.distance });
  }

  /** A name that is too long gives way. */
  write(name: string, distance: string): void {
    this.distance.set(distance);
    this.name.fit(Math.ceil(TILE.w - 2 * PAD - measure(distance, 45, false) - 18));
    this.name.set(name);
  }
}

export class Tile {
  readonly root: Element;
  private readonly card: Element;
  private readonly picture: StillPicture;
  private readonly chip: Element;
  private readonly dot: Element;
  private readonly badge: Label;
  private readonly number: Label;
  private readonly note: Label;
  /** Both looks stay drawn: the highlight moves with every key, and drawing text is most of what a key costs. */
  private readonly captions: { plain: Caption; focused: Caption };
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
    this.note = new Label(stage, black, { x: 0, y: 126, w: TILE.w, size: 39, align: 'center', color: COLOR.faint });
    this.picture = new StillPicture(stage, TILE.w, TILE.picture);
    // At the lower edge: cameras write their own name and time at the top.
    const cap = box(stage, { x: 9, y: TILE.picture - CHIP_H - 9, w: 75, h: CHIP_H, radius: 12, color: COLOR.amber });
    this.chip = box(stage, { x: 0, y: TILE.picture - CHIP_H - 9, w: 150, h: CHIP_H, radius: 12, color: COLOR.scrim });
    this.dot = box(stage, { x: 15, y: 21, w: 18, h: 18, radius: 8, color: COLOR.green });
    this.chip.childList.add(this.dot);
    for (const element of [this.card, black, this.picture.element, cap, this.chip]) this.root.childList.add(element);
    this.number = new Label(stage, cap, { x: 0, y: -3, w: 75, size: 48, bold: true, align: 'center', color: COLOR.ink, framed: true });
    this.badge = new Label(stage, this.chip, { x: 45, y: 3, size: 39, bold: true });
    this.captions = {
      plain: new Caption(stage, { name: COLOR.white, distance: COLOR.soft }),
      focused: new Caption(stage, { name: COLOR.ink, distance: COLOR.ink }),
    };
    for (const { root } of [this.captions.plain, this.captions.focused]) this.root.childList.add(root);
  }

  update(view: TileView | undefined): void {
    this.root.visible = view !== undefined;
    if (!view) return;
    this.picture.show(view.cameraId, view.url);
    this.note.set(view.note);
    const look = [view.number, view.focused, view.badge.text, view.badge.tone, view.name, view.distance].join('|');
    if (look === this.look) return;
    this.look = look;
    this.caption(view);
  }

  /** Number and how fresh over the picture; name and how far under it. */
  private caption(view: TileView): void {
    const color = badgeColor(view.badge.tone);
    this.card.visible = view.focused;
    this.number.set(String(view.number));
    const w = snap(measure(view.badge.text, 39, true) + 66);
    reshape(this.chip, w, CHIP_H, COLOR.scrim, 12);
    this.chip.x = TILE.w - w - 9;
    reshape(this.dot, 18, 18, color, 8);
    this.badge.set(view.badge.text, color);
    const { plain, focused } = this.captions;
    plain.root.visible = !view.focused;
    focused.root.visible = view.focused;
    (view.focused ? focused : plain).write(view.name, view.distance);
  }
}
