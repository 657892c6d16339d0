/** One camera on the whole screen. The picture itself is behind the canvas (ui/picture-layer.ts): here is what lies over it. */
import type { LivePageView } from '../state/live-page-view.ts';
import { box, type Element, fade, group, reshape, type Stage, snap } from '../ui/elements.ts';
import { icon } from '../ui/icons.ts';
import { hintRow } from '../ui/key-hints.ts';
import { Label, measure } from '../ui/label.ts';
import { COLOR, MARGIN, SCREEN } from '../ui/theme.ts';
import { KEYS } from '../words.ts';

export interface PictureRect {
  x: number;
  y: number;
  w: number;
  h: number;
}
/** The whole screen, or all that the alarm panel leaves. */
export const FULL: PictureRect = { x: 0, y: 0, w: SCREEN.w, h: SCREEN.h };
export const BESIDE_PANEL: PictureRect = { x: 30, y: 270, w: 960, h: 540 };

const statusColor = (tone: LivePageView['status']['tone']) => ({ good: COLOR.green, wait: COLOR.white, bad: COLOR.amber })[tone];

/** A longer name takes the whole row; what stood beside it stands above it. */
const NAME_W = 600;
const ABOVE_Y = 771;
const CLOCK_Y = 756;

export class LivePage {
  readonly root: Element;
  private readonly over: Element;
  private readonly name: Label;
  private readonly place: Label;
  private readonly narrowName: Label;
  private readonly narrowPlace: Label;
  private readonly chip: Element;
  private readonly dot: Element;
  private readonly status: Label;
  private readonly note: Label;
  private readonly arrows: { left: Element; right: Element };
  private readonly marks: Label[];
  private readonly clock: Label;
  private readonly offer: Element;
  private readonly offerLines: Label[];
  private look = '';

  constructor(stage: Stage) {
    this.root = group(stage);
    this.marks = [0, 1, 2].map(() => new Label(stage, this.root, { x: 0, y: 0, size: 33, color: 0x66ffffff }));
    this.over = group(stage);
    this.root.childList.add(this.over);
    // Everything stands at the bottom: cameras write their own name and time at the top, and those are to be seen.
    this.over.childList.add(fade(stage, 0, 690, SCREEN.w, 390, 0x00050b14, 0xf2050b14));
    this.name = new Label(stage, this.over, { x: MARGIN, y: 837, w: NAME_W, size: 66, bold: true, shrinkTo: 51 });
    this.place = new Label(stage, this.over, { x: MARGIN, y: 858, w: 600, size: 39, color: COLOR.soft });
    this.arrows = { left: arrow(stage, this.over, 'left', 24), right: arrow(stage, this.over, 'right', SCREEN.w - 24 - 84) };
    this.clock = new Label(stage, this.over, {
      x: SCREEN.w - MARGIN - 210,
      y: CLOCK_Y,
      w: 210,
      size: 60,
      bold: true,
      align: 'right',
      shrinkTo: 60,
    });
    this.offer = box(stage, { x: 480, y: 420, w: 960, h: 240, radius: 30, color: COLOR.scrim, stroke: 6, strokeColor: COLOR.amber });
    this.offerLines = [
      new Label(stage, this.offer, { x: 36, y: 30, w: 888, size: 54, bold: true, align: 'center', color: COLOR.amber }),
      new Label(stage, this.offer, { x: 36, y: 126, w: 888, size: 51, bold: true, align: 'center' }),
    ];
    this.over.childList.add(this.offer);
    hintRow(
      stage,
      this.over,
      MARGIN,
      975,
      [
        { cap: { icon: 'sides' }, text: KEYS.neighbour },
        { cap: KEYS.back, text: KEYS.wall },
      ],
      COLOR.white,
    );
    this.narrowName = new Label(stage, this.root, { x: BESIDE_PANEL.x, y: 96, w: BESIDE_PANEL.w, size: 60, bold: true, shrinkTo: 42 });
    this.narrowPlace = new Label(stage, this.root, { x: BESIDE_PANEL.x, y: 180, w: BESIDE_PANEL.w, size: 39, color: COLOR.soft });
    this.chip = box(stage, { x: 0, y: 0, w: 300, h: 66, radius: 18, color: COLOR.scrim });
    this.root.childList.add(this.chip);
    this.dot = box(stage, { x: 24, y: 24, w: 18, h: 18, radius: 8, color: COLOR.green });
    this.chip.childList.add(this.dot);
    this.status = new Label(stage, this.chip, { x: 57, y: 4, size: 42, bold: true });
    this.note = new Label(stage, this.root, { x: 0, y: 0, w: 600, size: 39, align: 'right' });
  }

  /** `narrow`: the alarm panel is open beside the picture. */
  update(view: LivePageView | undefined, narrow: boolean): void {
    this.root.visible = view !== undefined;
    if (!view) return;
    this.over.visible = !narrow;
    this.name.set(narrow ? '' : view.name);
    this.place.set(narrow ? '' : view.place);
    this.narrowName.set(narrow ? view.name : '');
    this.narrowPlace.set(narrow ? view.place : '');
    this.note.set(view.pictureNote);
    this.clock.set(view.clock);
    this.offer.visible = view.offer !== undefined;
    this.offerLines[0]!.set(view.status.text);
    this.offerLines[1]!.set(view.offer ? `${KEYS.ok} ▶ ${view.offer.text}` : '');
    this.arrows.left.visible = view.left;
    this.arrows.right.visible = view.right;
    const look = `${narrow}|${view.status.text}|${view.mark}|${view.name}`;
    if (look === this.look) return;
    this.look = look;
    this.placeStatus(view, narrow);
    this.placeMarks(view.mark, narrow ? BESIDE_PANEL : FULL);
  }

  private placeStatus(view: LivePageView, narrow: boolean): void {
    const color = statusColor(view.status.tone);
    const w = snap(84 + measure(view.status.text, 42, true));
    const right = narrow ? BESIDE_PANEL.x + BESIDE_PANEL.w : SCREEN.w - MARGIN;
    const top = narrow ? BESIDE_PANEL.y + BESIDE_PANEL.h + 24 : 849;
    reshape(this.chip, w, 66, COLOR.scrim, 18);
    this.chip.patch({ x: narrow ? BESIDE_PANEL.x : right - w, y: top });
    reshape(this.dot, 18, 18, color, 8);
    this.status.set(view.status.text, color);
    const long = measure(view.name, 66, true) > NAME_W;
    this.name.fit(long ? SCREEN.w - 2 * MARGIN - w - 24 : NAME_W);
    const nameW = this.name.width;
    if (narrow) this.note.moveTo(right - 600, top + 6);
    else if (long) this.note.moveTo(right - 600 - 240, ABOVE_Y);
    else this.note.moveTo(right - w - 24 - 600, top + 6);
    this.place.moveTo(long ? MARGIN : MARGIN + snap(nameW) + 30, long ? ABOVE_Y : 858);
  }

  /** The viewer's mark lies where it cannot be cut off without cutting the picture. */
  private placeMarks(text: string, r: PictureRect): void {
    const places = [
      [0.12, 0.3],
      [0.46, 0.52],
      [0.74, 0.74],
    ] as const;
    this.marks.forEach((label, i) => {
      label.set(text);
      label.moveTo(snap(r.x + r.w * places[i]![0]), snap(r.y + r.h * places[i]![1]));
    });
  }
}

function arrow(stage: Stage, parent: Element, name: 'left' | 'right', x: number): Element {
  const root = box(stage, { x, y: 498, w: 84, h: 84, radius: 42, color: 0x99050b14 });
  root.childList.add(icon(stage, name, 18, 18, 48, COLOR.white));
  parent.childList.add(root);
  return root;
}
