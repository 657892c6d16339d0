/** The whole screen: pages below, notices over them. Draws a ScreenView; knows nothing of where it comes from. */
import Lightning from '@lightningjs/core';
import type { ScreenView } from '../state/screen-view.ts';
import { RED_KEY_BAR, RedKeyBar } from '../ui/red-key.ts';
import { MARGIN, SCREEN } from '../ui/theme.ts';
import { ActivationPage } from './activation-page.ts';
import { AlarmPanel } from './alarm-panel.ts';
import { LivePage } from './live-page.ts';
import { LinkBannerBar, StillWatchingCard } from './notices.ts';
import { SheetPage } from './sheet-page.ts';
import { WallPage } from './wall-page.ts';

interface Parts {
  wall: WallPage;
  live: LivePage;
  sheet: SheetPage;
  activation: ActivationPage;
  bar: RedKeyBar;
  panel: AlarmPanel;
  banner: LinkBannerBar;
  asking: StillWatchingCard;
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

  /** Builds the pages, once the fonts are there, and again when words, colours or sizes are others. `now`: the page's clock, ms. */
  build(now: () => number): void {
    this.now = now;
    const { stage } = this;
    this.childList.clear();
    this.parts = {
      wall: new WallPage(stage),
      live: new LivePage(stage),
      sheet: new SheetPage(stage),
      activation: new ActivationPage(stage),
      bar: new RedKeyBar(stage, SCREEN.w - MARGIN - RED_KEY_BAR.w, SCREEN.h - 33 - RED_KEY_BAR.h),
      panel: new AlarmPanel(stage),
      banner: new LinkBannerBar(stage),
      asking: new StillWatchingCard(stage),
    };
    const { wall, live, sheet, activation, bar, panel, banner, asking } = this.parts;
    // The red key and the number stay bright over everything that dims the picture.
    for (const part of [wall, live, sheet, activation, panel, asking, bar, banner]) this.childList.add(part.root);
    if (this.listening) return;
    this.listening = true;
    stage.on('frameStart', () => this.parts.panel.tick(this.now()));
  }

  draw(view: ScreenView): void {
    const { wall, live, sheet, activation, bar, panel, banner, asking } = this.parts;
    const narrow = view.panel !== undefined;
    const onLive = view.live !== undefined;
    const onWall = !onLive && !view.activation && !view.sheet;
    wall.root.visible = onWall;
    if (onWall) wall.update(view);
    activation.update(view.activation);
    sheet.update(onLive || view.activation ? { ...view, sheet: undefined } : view);
    live.update(view.live, narrow);
    bar.root.visible = !narrow && !view.activation;
    bar.update(view.phone, view.strip, view.banner?.tone !== 'bad');
    panel.update(view.panel, onLive, this.now());
    banner.update(view.banner, narrow);
    asking.update(view.asking);
  }
}
