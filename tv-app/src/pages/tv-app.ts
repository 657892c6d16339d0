/** The whole screen: pages below, notices over them. Draws a ScreenView; knows nothing of where it comes from. */
import Lightning from '@lightningjs/core';
import type { ScreenView } from '../state/screen-view.ts';
import { type Element, ground, group, type Stage } from '../ui/elements.ts';
import { RED_KEY_BAR, RedKeyBar } from '../ui/red-key.ts';
import { COLOR, MARGIN, SCREEN } from '../ui/theme.ts';
import { ActivationPage } from './activation-page.ts';
import { AlarmPanel } from './alarm-panel.ts';
import { LivePage } from './live-page.ts';
import { LinkBannerBar, StillWatchingCard } from './notices.ts';
import { SheetPage } from './sheet-page.ts';
import { WallPage } from './wall-page.ts';

/**
 * A part that is built when it is first shown, or when there is time for it: on a slow box the parts that are not on the screen would
 * keep the first wall waiting for a quarter of a second.
 */
class Slot<P extends { root: Element }> {
  readonly place: Element;
  part: P | undefined;
  private readonly make: () => P;

  constructor(stage: Stage, make: () => P) {
    this.place = group(stage);
    this.make = make;
  }

  build(): P {
    if (!this.part) {
      this.part = this.make();
      this.part.root.visible = false;
      this.place.childList.add(this.part.root);
    }
    return this.part;
  }

  /** Gives the part that is `shown`, or was. */
  when(shown: unknown): P | undefined {
    return shown ? this.build() : this.part;
  }
}

interface Parts {
  ground: Element;
  wall: WallPage;
  bar: RedKeyBar;
  live: Slot<LivePage>;
  sheet: Slot<SheetPage>;
  activation: Slot<ActivationPage>;
  panel: Slot<AlarmPanel>;
  banner: Slot<LinkBannerBar>;
  asking: Slot<StillWatchingCard>;
}

export class TvApp extends Lightning.Application {
  /**
   * Lightning compiles a component's template with `new Function`, which the page's content security policy forbids. This, its only
   * component, has no template: `build` adds everything.
   */
  static getTemplateFunc(): { f: () => void; a: unknown[] } {
    return { f: () => {}, a: [] };
  }

  // Declared, not initialised: Lightning builds inside its own constructor, before field initialisers run.
  declare private parts: Parts;
  declare private now: () => number;
  declare private listening: boolean;

  /** Builds the wall, once the fonts are there, and again when words, colours or sizes are others. `now`: the page's clock, ms. */
  build(now: () => number): void {
    this.now = now;
    const { stage } = this;
    this.childList.clear();
    const behind = ground(stage, SCREEN.w, SCREEN.h, COLOR.nightTop, COLOR.night);
    const wall = new WallPage(stage);
    const bar = new RedKeyBar(stage, SCREEN.w - MARGIN - RED_KEY_BAR.w, SCREEN.h - 33 - RED_KEY_BAR.h);
    const live = new Slot(stage, () => new LivePage(stage));
    const sheet = new Slot(stage, () => new SheetPage(stage));
    const activation = new Slot(stage, () => new ActivationPage(stage));
    const panel = new Slot(stage, () => new AlarmPanel(stage));
    const asking = new Slot(stage, () => new StillWatchingCard(stage));
    const banner = new Slot(stage, () => new LinkBannerBar(stage));
    this.parts = { ground: behind, wall, bar, live, sheet, activation, panel, asking, banner };
    // The red key and the number stay bright over everything that dims the picture.
    for (const element of [behind, wall.root, live.place, sheet.place, activation.place, panel.place, asking.place, bar.root, banner.place])
      this.childList.add(element);
    if (this.listening) return;
    this.listening = true;
    stage.on('frameStart', () => this.parts.panel.part?.tick(this.now()));
  }

  /** Builds one more part, that which is likeliest to be wanted. Returns whether any is left. */
  buildNext(): boolean {
    const { panel, live, sheet, banner, asking, activation } = this.parts;
    const missing = [panel, live, sheet, banner, asking, activation].filter((slot) => !slot.part);
    missing[0]?.build();
    return missing.length > 1;
  }

  draw(view: ScreenView): void {
    const { wall, live, sheet, activation, bar, panel, banner, asking } = this.parts;
    const narrow = view.panel !== undefined;
    // The engineer's screen is asked for whatever is on the screen.
    const picture = view.activation ? undefined : view.live;
    const onLive = picture !== undefined;
    const onWall = !onLive && !view.activation && !view.sheet;
    // A picture lies under the canvas.
    this.parts.ground.visible = !onLive;
    wall.root.visible = onWall;
    if (onWall) wall.update(view);
    activation.when(view.activation)?.update(view.activation);
    const over = onLive || view.activation ? { ...view, sheet: undefined } : view;
    sheet.when(over.sheet)?.update(over);
    live.when(picture)?.update(picture, narrow);
    bar.root.visible = !narrow && !view.activation;
    bar.update(view.phone, view.strip, view.banner?.tone !== 'bad');
    panel.when(view.panel)?.update(view.panel, onLive, this.now());
    banner.when(view.banner)?.update(view.banner, narrow);
    asking.when(view.asking)?.update(view.asking);
  }
}
