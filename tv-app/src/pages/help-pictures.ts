/** How to alarm, in three pictures: the key, the screen, the way back. */
import { box, type Element, group, type Stage } from '../ui/elements.ts';
import { icon } from '../ui/icons.ts';
import { Label } from '../ui/label.ts';
import { COLOR, MARGIN, TONE_COLOR } from '../ui/theme.ts';
import { HELP, KEYS, TRUTH } from '../words.ts';

const CARD = { w: 564, h: 570, gap: 24, y: 150 } as const;
const PICTURE_H = 270;

export class HelpPictures {
  readonly root: Element;
  private readonly call: Label;

  constructor(stage: Stage) {
    this.root = group(stage);
    HELP.steps.forEach(({ title, text }, i) => {
      const card = box(stage, { x: MARGIN + i * (CARD.w + CARD.gap), y: CARD.y, w: CARD.w, h: CARD.h, radius: 30, color: COLOR.card });
      this.root.childList.add(card);
      const number = box(stage, { x: 24, y: 24, w: 75, h: 75, radius: 36, color: COLOR.amber });
      card.childList.add(number);
      new Label(stage, number, { x: 0, y: 3, w: 75, size: 51, bold: true, align: 'center', color: COLOR.ink, framed: true }).set(
        String(i + 1),
      );
      PICTURES[i]!(stage, card);
      new Label(stage, card, { x: 30, y: PICTURE_H + 51, w: CARD.w - 60, size: 60, bold: true, align: 'center' }).set(title);
      new Label(stage, card, {
        x: 30,
        y: PICTURE_H + 147,
        w: CARD.w - 60,
        lines: 2,
        size: 45,
        align: 'center',
        lineHeight: 63,
        color: COLOR.soft,
      }).set(text);
    });
    this.root.childList.add(icon(stage, 'phone', MARGIN, 756, 66, COLOR.amber));
    this.call = new Label(stage, this.root, { x: MARGIN + 96, y: 747, w: 1640, size: 60, bold: true, color: COLOR.amber });
    new Label(stage, this.root, { x: MARGIN, y: 849, w: 1740, size: 48, color: COLOR.soft }).set(HELP.camera);
  }

  update(visible: boolean, phone: string): void {
    this.root.visible = visible;
    if (visible) this.call.set(HELP.call(phone));
  }
}

/** Each in the upper part of its card. */
const PICTURES: readonly ((stage: Stage, card: Element) => void)[] = [
  (stage, card) => {
    // The red key, with a finger's mark that stays: two seconds.
    card.childList.add(box(stage, { x: 147, y: 93, w: 270, h: 165, radius: 39, stroke: 12, strokeColor: COLOR.white, color: COLOR.red }));
    new Label(stage, card, { x: 147, y: 126, w: 270, size: 72, bold: true, align: 'center', framed: true }).set(HELP.hold);
  },
  (stage, card) => {
    // A television that says it.
    card.childList.add(
      box(stage, { x: 117, y: 60, w: 330, h: 198, radius: 18, stroke: 9, strokeColor: COLOR.white, color: TONE_COLOR.received }),
    );
    card.childList.add(icon(stage, 'check', 237, 81, 90, COLOR.green));
    new Label(stage, card, { x: 132, y: 180, w: 300, size: 42, bold: true, align: 'center' }).set(TRUTH.received.split(/[，,]/)[0] ?? '');
  },
  (stage, card) => {
    card.childList.add(
      box(stage, { x: 132, y: 102, w: 300, h: 138, radius: 33, stroke: 9, strokeColor: COLOR.white, color: COLOR.cardDark }),
    );
    new Label(stage, card, { x: 132, y: 126, w: 300, size: 66, bold: true, align: 'center' }).set(KEYS.back);
  },
];
