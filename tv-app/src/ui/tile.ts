/** One camera of the wall: picture, name, distance, how fresh it is. */
import type { TileView } from '../state/wall-view.ts';
import { box, type Element, group, Label, measure, reshape, type Stage, snap } from './elements.ts';
import { COLOR } from './theme.ts';

export const TILE = { w: 564, h: 387, picture: 315 } as const;
const RING = 9;
const BADGE = { good: COLOR.green, old: COLOR.amber, off: 0xffff9d8f } as const;

export class Tile {
  readonly root: Element;
  private readonly card: Element;
  private readonly picture: Element;
  private readonly badge: Element;
  private readonly dot: Element;
  private readonly badgeText: Label;
  private readonly note: Label;
  private readonly name: Label;
  private readonly distance: Label;
  private url: string | undefined;
  private look = '';

  constructor(stage: Stage, x: number, y: number) {
    this.root = group(stage, x, y);
    this.card = box(stage, { x: -RING, y: -RING, w: TILE.w + 2 * RING, h: TILE.h + 2 * RING, radius: 18, color: COLOR.card });
    const black = box(stage, { x: 0, y: 0, w: TILE.w, h: TILE.picture, color: 0xff050b14 });
    this.note = new Label(stage, black, { x: 0, y: 126, w: TILE.w, size: 36, align: 'center', color: COLOR.faint });
    this.picture = stage.c({ x: 0, y: 0, w: TILE.w, h: TILE.picture, visible: false });
    this.badge = box(stage, { x: TILE.w - 12, y: 12, w: 144, h: 51, radius: 15, color: COLOR.scrim });
    this.dot = box(stage, { x: 18, y: 17, w: 18, h: 18, radius: 8, color: COLOR.green });
    this.badgeText = new Label(stage, this.badge, { x: 45, y: 4, size: 32, bold: true });
    this.badge.childList.add(this.dot);
    for (const element of [this.card, black, this.picture, this.badge]) this.root.childList.add(element);
    this.name = new Label(stage, this.root, { x: 18, y: TILE.picture + 6, w: 366, size: 42, bold: true });
    this.distance = new Label(stage, this.root, { x: 366, y: TILE.picture + 9, w: 180, size: 36, align: 'right' });
  }

  update(view: TileView | undefined): void {
    this.root.visible = view !== undefined;
    if (!view) return;
    this.show(view.url);
    this.note.set(view.note);
    this.name.set(view.name, view.focused ? COLOR.ink : COLOR.white);
    this.distance.set(view.distance, view.focused ? COLOR.ink : COLOR.soft);
    this.decorate(view);
  }

  private show(url: string | undefined): void {
    if (url === this.url) return;
    this.url = url;
    this.picture.visible = url !== undefined;
    // The picture before stays until this one is decoded.
    if (url !== undefined) this.picture.src = url;
  }

  private decorate(view: TileView): void {
    const look = `${view.focused}|${view.badge.text}|${view.badge.tone}`;
    if (look === this.look) return;
    this.look = look;
    const size = { w: TILE.w + 2 * RING, h: TILE.h + 2 * RING };
    if (view.focused) reshape(this.card, size.w, size.h, COLOR.white, 15, 9, COLOR.amber);
    else reshape(this.card, size.w, size.h, COLOR.clear, 18);
    this.card.visible = view.focused;
    const color = BADGE[view.badge.tone];
    const w = snap(63 + measure(view.badge.text, 32, true));
    reshape(this.badge, w, 51, COLOR.scrim, 15);
    this.badge.x = TILE.w - 12 - w;
    reshape(this.dot, 18, 18, color, 8);
    this.badgeText.set(view.badge.text, color);
  }
}
