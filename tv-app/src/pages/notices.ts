/** What lies over every page: that the alarm key does not work, and whether anybody is still watching. */
import type { LinkBanner } from '../state/link-notice.ts';
import { box, type Element, group, type Stage } from '../ui/elements.ts';
import { icon } from '../ui/icons.ts';
import { Label } from '../ui/label.ts';
import { COLOR, PANEL, SCREEN, TONE_COLOR } from '../ui/theme.ts';
import { STILL_WATCHING } from '../words.ts';

export class LinkBannerBar {
  readonly root: Element;
  private readonly wide: Element;
  private readonly narrow: Element;
  private readonly labels: { wide: Label[]; narrow: Label[] };

  constructor(stage: Stage) {
    this.root = group(stage);
    this.wide = box(stage, { x: 0, y: 0, w: SCREEN.w, h: 126, color: TONE_COLOR.bad });
    this.narrow = box(stage, { x: 0, y: 0, w: PANEL.x, h: 255, color: TONE_COLOR.bad });
    this.wide.childList.add(icon(stage, 'warn', 90, 30, 66, COLOR.amber));
    this.narrow.childList.add(icon(stage, 'warn', 42, 66, 60, COLOR.amber));
    this.labels = {
      wide: [
        new Label(stage, this.wide, { x: 180, y: 24, w: 750, size: 57, bold: true }),
        new Label(stage, this.wide, { x: 930, y: 27, w: 900, size: 54, bold: true, align: 'right', color: COLOR.amber, shrinkTo: 42 }),
      ],
      narrow: [
        new Label(stage, this.narrow, { x: 120, y: 54, w: 870, size: 54, bold: true }),
        new Label(stage, this.narrow, { x: 120, y: 144, w: 870, size: 48, bold: true, color: COLOR.amber, shrinkTo: 39 }),
      ],
    };
    this.root.childList.add(this.wide);
    this.root.childList.add(this.narrow);
  }

  update(banner: LinkBanner | undefined, narrow: boolean): void {
    this.root.visible = banner !== undefined;
    if (!banner) return;
    this.wide.visible = !narrow;
    this.narrow.visible = narrow;
    const color = banner.tone === 'bad' ? TONE_COLOR.bad : COLOR.card;
    this.wide.color = this.narrow.color = color;
    for (const [first, second] of [this.labels.wide, this.labels.narrow]) {
      first!.set(banner.text);
      second!.set(banner.call);
    }
  }
}

export class StillWatchingCard {
  readonly root: Element;
  private readonly left: Label;

  constructor(stage: Stage) {
    this.root = group(stage);
    this.root.childList.add(box(stage, { x: 0, y: 0, w: SCREEN.w, h: SCREEN.h, color: 0x99050b14 }));
    const card = box(stage, { x: 480, y: 330, w: 960, h: 420, radius: 36, color: COLOR.card, stroke: 6, strokeColor: COLOR.amber });
    this.root.childList.add(card);
    new Label(stage, card, { x: 0, y: 51, w: 960, size: 90, bold: true, align: 'center' }).set(STILL_WATCHING.title);
    new Label(stage, card, { x: 0, y: 201, w: 960, size: 57, bold: true, align: 'center', color: COLOR.amber }).set(STILL_WATCHING.body);
    this.left = new Label(stage, card, { x: 0, y: 306, w: 960, size: 42, align: 'center', color: COLOR.soft });
  }

  update(asking: { secondsLeft: number } | undefined): void {
    this.root.visible = asking !== undefined;
    if (asking) this.left.set(STILL_WATCHING.left(asking.secondsLeft));
  }
}
