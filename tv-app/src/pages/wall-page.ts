/** The wall: the cameras near this house as still pictures, nearest first. */
import type { ScreenView } from '../state/screen-view.ts';
import { COLUMNS, PER_PAGE } from '../state/wall-focus.ts';
import { box, type Element, fade, group, reshape, type Stage, snap } from '../ui/elements.ts';
import { hintRow } from '../ui/key-hints.ts';
import { Label, measure } from '../ui/label.ts';
import { COLOR, MARGIN, SCREEN } from '../ui/theme.ts';
import { TILE, Tile } from '../ui/tile.ts';
import { KEYS, RED_KEY, WALL } from '../words.ts';

const GRID = { y: 141, gapX: 24, gapY: 24 } as const;
const CENTRE_COLOR = { good: COLOR.green, warn: COLOR.amber, plain: COLOR.soft } as const;

export class WallPage {
  readonly root: Element;
  private readonly tiles: Tile[] = [];
  private readonly time: Label;
  private readonly date: Label;
  private readonly where: Label;
  private readonly centre: Label;
  private readonly dot: Element;
  private readonly note: Label;
  private readonly pageNote: Label;
  private readonly onlyHere: Label;
  private tone = '';

  constructor(stage: Stage) {
    this.root = group(stage);
    this.root.childList.add(fade(stage, 0, 0, SCREEN.w, SCREEN.h, COLOR.nightTop, COLOR.night));
    new Label(stage, this.root, { x: MARGIN, y: 21, size: 63, bold: true }).set(WALL.title);
    const x = snap(MARGIN + measure(WALL.title, 63, true) + 45);
    this.root.childList.add(box(stage, { x: x - 24, y: 27, w: 3, h: 78, color: COLOR.line }));
    this.where = new Label(stage, this.root, { x, y: 15, w: 720, size: 36, color: COLOR.soft });
    this.dot = box(stage, { x, y: 81, w: 18, h: 18, radius: 8, color: COLOR.green });
    this.root.childList.add(this.dot);
    this.centre = new Label(stage, this.root, { x: x + 30, y: 66, w: 860, size: 36 });
    this.time = new Label(stage, this.root, { x: 1620, y: 18, w: 210, size: 72, bold: true, align: 'right' });
    this.date = new Label(stage, this.root, { x: 1290, y: 39, w: 324, size: 36, color: COLOR.soft, align: 'right' });
    this.note = new Label(stage, this.root, {
      x: MARGIN,
      y: 450,
      w: SCREEN.w - 2 * MARGIN,
      lines: 2,
      size: 48,
      align: 'center',
      color: COLOR.soft,
    });
    for (let i = 0; i < PER_PAGE; i++) {
      const tile = new Tile(stage, MARGIN + (i % COLUMNS) * (TILE.w + GRID.gapX), GRID.y + Math.floor(i / COLUMNS) * (TILE.h + GRID.gapY));
      this.tiles.push(tile);
      this.root.childList.add(tile.root);
    }
    hintRow(stage, this.root, MARGIN, 957, [
      { cap: { icon: 'arrows' }, text: KEYS.choose },
      { cap: KEYS.ok, text: KEYS.bigPicture },
    ]);
    this.onlyHere = new Label(stage, this.root, { x: MARGIN, y: 1017, w: 525, size: 30, bold: true, color: COLOR.amber, shrinkTo: 28 });
    this.pageNote = new Label(stage, this.root, { x: 1290, y: 84, w: 324, size: 33, color: COLOR.soft, align: 'right' });
  }

  update(view: ScreenView): void {
    this.time.set(view.time);
    this.date.set(view.date);
    this.where.set(view.flash || view.where, view.flash ? COLOR.amber : COLOR.soft);
    this.centre.set(view.centre?.text ?? '', CENTRE_COLOR[view.centre?.tone ?? 'plain']);
    this.dot.visible = view.centre !== undefined;
    if (view.centre && view.centre.tone !== this.tone) {
      this.tone = view.centre.tone;
      reshape(this.dot, 18, 18, CENTRE_COLOR[view.centre.tone], 8);
    }
    this.note.set(view.wall.note);
    this.pageNote.set(view.wall.pageNote);
    this.onlyHere.set(view.onlyHere ? RED_KEY.onlyHere : '');
    for (let i = 0; i < this.tiles.length; i++) this.tiles[i]!.update(view.wall.tiles[i]);
  }
}
