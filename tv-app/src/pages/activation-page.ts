/** The engineer's screen: the eight digits, how it went, and what the page can read of its box. Says first, to everybody, that the alarm does not work yet. */
import type { ActivationView } from '../state/activation-view.ts';
import { box, type Element, group, reshape, type Stage } from '../ui/elements.ts';
import { icon } from '../ui/icons.ts';
import { Label } from '../ui/label.ts';
import { COLOR, MARGIN, SCREEN, TONE_COLOR } from '../ui/theme.ts';
import { ACTIVATION } from '../words.ts';

const W = SCREEN.w - 2 * MARGIN;
const PLACE = { w: 150, h: 186, gap: 30, middle: 60, y: 384 } as const;
const ROWS = { y: 756, h: 66, value: 210, second: 900 } as const;
const statusColor = (phase: ActivationView['phase']) => (phase === 'typing' ? COLOR.white : phase === 'asking' ? COLOR.soft : COLOR.amber);

export class ActivationPage {
  readonly root: Element;
  private readonly call: Label;
  private readonly status: Label;
  private readonly warning: Label;
  private readonly places: { box: Element; digit: Label }[] = [];
  private readonly rows: { name: Label; value: Label }[] = [];
  private at = -1;

  constructor(stage: Stage) {
    this.root = group(stage);
    const band = box(stage, { x: 0, y: 0, w: SCREEN.w, h: 216, color: TONE_COLOR.bad });
    this.root.childList.add(band);
    band.childList.add(icon(stage, 'warn', MARGIN, 66, 84, COLOR.amber));
    new Label(stage, band, { x: 210, y: 21, w: 1620, size: 63, bold: true }).set(ACTIVATION.forVillager);
    this.call = new Label(stage, band, { x: 210, y: 114, w: 1620, size: 57, bold: true, color: COLOR.amber, shrinkTo: 42 });

    this.status = new Label(stage, this.root, { x: MARGIN, y: 270, w: W, size: 51, bold: true, align: 'center', shrinkTo: 42 });
    const count = 8;
    const left = (SCREEN.w - count * PLACE.w - (count - 2) * PLACE.gap - PLACE.middle) / 2;
    for (let i = 0; i < count; i++) {
      const x = left + i * (PLACE.w + PLACE.gap) + (i >= count / 2 ? PLACE.middle - PLACE.gap : 0);
      const place = box(stage, {
        x,
        y: PLACE.y,
        w: PLACE.w,
        h: PLACE.h,
        radius: 24,
        stroke: 6,
        strokeColor: COLOR.line,
        color: COLOR.card,
      });
      this.root.childList.add(place);
      this.places.push({ box: place, digit: new Label(stage, place, { x: 0, y: 18, w: PLACE.w, size: 111, bold: true, align: 'center' }) });
    }
    new Label(stage, this.root, { x: MARGIN, y: 591, w: W, size: 36, align: 'center', color: COLOR.soft }).set(ACTIVATION.back);

    const card = box(stage, { x: MARGIN, y: 660, w: W, h: 288, radius: 30, color: COLOR.cardDark });
    this.root.childList.add(card);
    new Label(stage, this.root, { x: MARGIN + 48, y: 678, size: 36, color: COLOR.faint }).set(ACTIVATION.reported);
    for (let i = 0; i < 4; i++) {
      const x = MARGIN + 48 + (i % 2) * ROWS.second;
      const y = ROWS.y + Math.floor(i / 2) * (ROWS.h + 24);
      this.rows.push({
        name: new Label(stage, this.root, { x, y, w: ROWS.value, size: 39, color: COLOR.soft }),
        value: new Label(stage, this.root, { x: x + ROWS.value, y, w: 600, size: 42, bold: true, shrinkTo: 30 }),
      });
    }
    this.warning = new Label(stage, this.root, { x: MARGIN, y: 969, w: W, size: 42, bold: true, align: 'center', color: COLOR.amber });
  }

  update(view: ActivationView | undefined): void {
    this.root.visible = view !== undefined;
    if (!view) return;
    this.call.set(view.call);
    this.status.set(view.status, statusColor(view.phase));
    this.warning.set(view.warning);
    const at = view.phase === 'typing' ? view.digits.indexOf('') : -1;
    view.digits.forEach((digit, i) => {
      const place = this.places[i]!;
      place.digit.set(digit);
      if (at !== this.at) reshape(place.box, PLACE.w, PLACE.h, COLOR.card, 24, 6, i === at ? COLOR.amber : COLOR.line);
    });
    this.at = at;
    view.rows.forEach((row, i) => {
      this.rows[i]!.name.set(row.name);
      this.rows[i]!.value.set(row.value, row.value === ACTIVATION.unread ? COLOR.faint : COLOR.white);
    });
  }
}
