/** The red key and whom to ring, at the bottom of every page; grey when the key does not work. A folded alarm takes its place. */
import type { StripView } from '../state/screen-view.ts';
import { KEYS, RED_KEY } from '../words.ts';
import { box, type Element, group, reshape, type Stage, snap } from './elements.ts';
import { icon } from './icons.ts';
import { Label, measure } from './label.ts';
import { COLOR, TONE_COLOR } from './theme.ts';

const W = 1200;
const H = 90;

export class RedKeyBar {
  readonly root: Element;
  private readonly key: Element;
  private readonly dead: Element;
  private readonly folded: Element;
  private readonly foldedBox: Element;
  private readonly headline: Label;
  private readonly again: Label;
  private readonly phones: Label[];
  private tone: number | undefined;

  constructor(stage: Stage, x: number, y: number) {
    this.root = group(stage, x, y);
    this.key = group(stage);
    this.folded = group(stage);
    this.folded.visible = false;
    this.dead = group(stage);
    this.dead.visible = false;
    this.root.childList.add(this.key);
    this.root.childList.add(this.dead);
    this.root.childList.add(this.folded);
    this.phones = [drawKey(stage, this.key), drawDead(stage, this.dead)];
    this.foldedBox = box(stage, { x: 0, y: 0, w: W, h: H, radius: 24, color: TONE_COLOR.waiting });
    this.folded.childList.add(this.foldedBox);
    this.headline = new Label(stage, this.folded, { x: 33, y: 0, w: 540, size: 42, bold: true, shrinkTo: 36 });
    this.again = new Label(stage, this.folded, { x: 33, y: 45, w: 540, size: 36, bold: true, color: COLOR.amber });
    this.folded.childList.add(
      box(stage, { x: 588, y: 18, w: 66, h: 54, radius: 12, stroke: 3, strokeColor: COLOR.white, color: 0x33000000 }),
    );
    this.folded.childList.add(icon(stage, 'up', 600, 24, 42, COLOR.white));
    new Label(stage, this.folded, { x: 666, y: 20, size: 36 }).set(KEYS.showAlarm);
    this.folded.childList.add(icon(stage, 'phone', 798, 24, 42, COLOR.white));
    this.phones.push(new Label(stage, this.folded, { x: 843, y: 12, w: 336, size: 45, bold: true, align: 'right', shrinkTo: 33 }));
  }

  /** `works`: a press reaches the box's service. */
  update(phone: string, strip: StripView | undefined, works: boolean): void {
    this.key.visible = strip === undefined && works;
    this.dead.visible = strip === undefined && !works;
    this.folded.visible = strip !== undefined;
    for (const label of this.phones) label.set(phone);
    if (!strip) return;
    this.headline.set(strip.headline);
    this.again.set(works ? strip.again : RED_KEY.dead);
    const color = TONE_COLOR[strip.tone];
    if (color !== this.tone) reshape(this.foldedBox, W, H, color, 24, 3, COLOR.white);
    this.tone = color;
  }
}

function drawKey(stage: Stage, parent: Element): Label {
  parent.childList.add(box(stage, { x: 0, y: 0, w: W, h: H, radius: 24, color: COLOR.redDeep }));
  parent.childList.add(box(stage, { x: 24, y: 15, w: 93, h: 60, radius: 15, stroke: 6, strokeColor: COLOR.white, color: COLOR.red }));
  let x = 138;
  for (const [text, color] of [
    [RED_KEY.name, COLOR.white],
    [RED_KEY.how, COLOR.amber],
    [RED_KEY.what, COLOR.white],
  ] as const) {
    new Label(stage, parent, { x, y: 12, size: 48, bold: true }).set(text, color);
    x = snap(x + measure(text, 48, true) + 24);
  }
  parent.childList.add(box(stage, { x: x + 3, y: 15, w: 3, h: 60, color: 0x66ffffff }));
  parent.childList.add(icon(stage, 'phone', x + 30, 24, 42, COLOR.white));
  return new Label(stage, parent, { x: x + 84, y: 8, w: W - x - 84 - 15, size: 54, bold: true, shrinkTo: 36 });
}

function drawDead(stage: Stage, parent: Element): Label {
  parent.childList.add(box(stage, { x: 0, y: 0, w: W, h: H, radius: 24, color: COLOR.card, stroke: 3, strokeColor: COLOR.line }));
  parent.childList.add(box(stage, { x: 24, y: 15, w: 93, h: 60, radius: 15, stroke: 6, strokeColor: COLOR.faint, color: COLOR.line }));
  new Label(stage, parent, { x: 138, y: 15, size: 45, bold: true }).set(RED_KEY.dead, COLOR.soft);
  parent.childList.add(icon(stage, 'phone', 735, 24, 42, COLOR.amber));
  return new Label(stage, parent, { x: 789, y: 8, w: W - 789 - 15, size: 54, bold: true, shrinkTo: 36, color: COLOR.amber });
}

export const RED_KEY_BAR = { w: W, h: H } as const;
