/** The wall: the cameras near this house as still pictures, nearest first. */
import type { ScreenView } from '../state/screen-view.ts';
import { COLUMNS, PER_PAGE } from '../state/wall-focus.ts';
import { box, type Element, group, reshape, type Stage, snap } from '../ui/elements.ts';
import { GroupBar } from '../ui/group-bar.ts';
import { icon } from '../ui/icons.ts';
import { hintRow } from '../ui/key-hints.ts';
import { Label, measure } from '../ui/label.ts';
import { COLOR, MARGIN, SCREEN, TONE_COLOR } from '../ui/theme.ts';
import { TILE, Tile } from '../ui/tile.ts';
import { KEYS, RED_KEY, WALL } from '../words.ts';

const GRID = { y: 141, gapX: 24, gapY: 24 } as const;
const centreColor = (tone: 'good' | 'warn' | 'plain' = 'plain') => ({ good: COLOR.green, warn: COLOR.amber, plain: COLOR.soft })[tone];

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
  /** The keys, or in their place what to read, where the title's line has no room for it. */
  private readonly hints: Element;
  private readonly reminder: Label;
  private readonly title: Label;
  private readonly groups: GroupBar;
  /** In place of the title: what does not work, and what does all the same. */
  private readonly away: { root: Element; band: Element; text: Label; works: Label };
  private readonly typed: { root: Element; text: Label };
  private tone = '';

  constructor(stage: Stage) {
    this.root = group(stage);
    this.title = new Label(stage, this.root, { x: MARGIN, y: 21, size: 63, bold: true });
    this.groups = new GroupBar(stage, MARGIN, 36);
    this.root.childList.add(this.groups.root);
    const x = snap(MARGIN + measure(WALL.title, 63, true) + 45);
    this.where = new Label(stage, this.root, { x, y: 15, w: 780, size: 36, color: COLOR.soft });
    this.dot = box(stage, { x, y: 81, w: 18, h: 18, radius: 8, color: COLOR.green });
    this.root.childList.add(this.dot);
    this.centre = new Label(stage, this.root, { x: x + 30, y: 66, w: 750, size: 36 });
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
    this.hints = group(stage);
    this.root.childList.add(this.hints);
    hintRow(stage, this.hints, MARGIN, 951, [
      { cap: KEYS.numbers, text: '' },
      { cap: KEYS.ok, text: KEYS.watch },
      { cap: '0', text: KEYS.menu },
    ]);
    this.reminder = new Label(stage, this.root, { x: MARGIN, y: 954, w: 528, size: 39, bold: true, color: COLOR.amber });
    this.onlyHere = new Label(stage, this.root, { x: MARGIN, y: 1014, w: 525, size: 36, bold: true, color: COLOR.amber });
    const band = box(stage, { x: 0, y: 0, w: SCREEN.w, h: 126, color: TONE_COLOR.waiting });
    const away = group(stage);
    away.childList.add(band);
    away.childList.add(icon(stage, 'warn', MARGIN, 27, 72, COLOR.amber));
    this.away = {
      root: away,
      band,
      text: new Label(stage, away, { x: 186, y: 3, w: 1410, size: 51, bold: true }),
      works: new Label(stage, away, { x: 186, y: 66, w: 1410, size: 42, color: COLOR.white }),
    };
    // Under the clock.
    this.root.childList.addAt(away, 0);
    const typed = box(stage, { x: 810, y: 390, w: 300, h: 240, radius: 36, color: COLOR.scrim, stroke: 6, strokeColor: COLOR.amber });
    this.typed = {
      root: typed,
      text: new Label(stage, typed, { x: 0, y: 18, w: 300, size: 150, bold: true, align: 'center', shrinkTo: 100 }),
    };
    this.root.childList.add(typed);
    this.pageNote = new Label(stage, this.root, { x: 1290, y: 84, w: 324, size: 36, color: COLOR.soft, align: 'right' });
  }

  update(view: ScreenView): void {
    const { away, reminder } = view;
    const grouped = view.wall.groups.length > 0;
    // The banner says worse.
    this.away.root.visible = away !== undefined;
    if (away) {
      this.away.band.color = TONE_COLOR[away.tone === 'bad' ? 'bad' : 'waiting'];
      this.away.text.set(away.text);
      this.away.works.set(away.works);
    }
    this.time.set(view.time);
    this.date.set(away ? '' : view.date);
    this.title.set(away || grouped ? '' : WALL.title);
    this.groups.update(away && !grouped ? [] : view.wall.groups);
    this.groups.root.visible = grouped && !away;
    this.where.set(away || grouped ? '' : reminder || view.where, reminder ? COLOR.amber : COLOR.soft);
    const below = away || grouped ? view.briefReminder : '';
    this.reminder.set(below);
    this.hints.visible = below === '';
    this.centre.set(away || grouped ? '' : (view.centre?.text ?? ''), centreColor(view.centre?.tone));
    this.dot.visible = view.centre !== undefined && !away && !grouped;
    this.typed.root.visible = view.typed !== '';
    this.typed.text.set(view.typed);
    if (view.centre && view.centre.tone !== this.tone) {
      this.tone = view.centre.tone;
      reshape(this.dot, 18, 18, centreColor(view.centre.tone), 8);
    }
    this.note.set(view.wall.note);
    this.pageNote.set(away ? '' : view.wall.pageNote);
    this.onlyHere.set(view.onlyHere ? RED_KEY.onlyHere : '');
    for (let i = 0; i < this.tiles.length; i++) this.tiles[i]!.update(view.wall.tiles[i]);
  }
}
