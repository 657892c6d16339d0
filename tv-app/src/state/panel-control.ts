/** The alarm panel: what is on it, and what keys do there: withdraw, say what it is, rate, put away. */
import type { Clock } from '../clock.ts';
import type { RemoteKey } from '../keys/key-tables.ts';
import type { CentreMemory } from '../services/centre-memory.ts';
import type { TvLink } from '../services/tv-link.ts';
import { ABOUT_KEYS, RATING_KEYS } from '../words.ts';
import { type AlarmView, alarmPanelView, type PanelView } from './alarm-panel-view.ts';
import { asksAbout, asksRating, isOver, mayDismiss, mayWithdraw } from './alarm-truth.ts';

/** After the back key meant something grave (withdraw), or has just ceased to, it means nothing for so long. */
const BACK_GUARD_MS = 1_500;
/** For so long it is said that the back key came too late to withdraw. */
const TOO_LATE_MS = 8_000;

export interface PanelControlDeps {
  link: TvLink;
  clock: Clock;
  memory: CentreMemory;
}

export class PanelControl {
  private readonly deps: PanelControlDeps;
  private deadKey = false;
  /** The news of the alarm panel when it was folded; anything newer opens it. */
  private foldedNews: string | undefined;
  private withdrewAt = 0;
  /** The back key came just after the window of an alarm. */
  private tooLate: { alarm: string; at: number } | undefined;
  /** An alarm that the villager put away before the centre had the last word: dismissed as soon as it has. */
  private putAway: string | undefined;
  private resultPage = 0;

  constructor(deps: PanelControlDeps) {
    this.deps = deps;
  }

  /** Follows the link. */
  update(): void {
    if (this.deps.link.state?.alarm?.state !== 'closed') this.resultPage = 0;
    this.dismissWhenOver();
  }

  view(): PanelView | undefined {
    const { link, clock, memory } = this.deps;
    const bridgeNow = link.bridgeNow();
    return alarmPanelView({
      state: link.state,
      status: link.status,
      centre: memory.get(),
      deadKey: this.deadKey,
      bridgeNow,
      tooLate: this.tooLate !== undefined && this.tooLate.alarm === link.state?.alarm?.id && clock.now() - this.tooLate.at < TOO_LATE_MS,
      resultPage: this.resultPage,
      toPageClock: clock.now() - bridgeNow,
    });
  }

  /** Put away, and nothing has happened since. */
  isFolded(panel: PanelView | undefined): panel is AlarmView {
    return panel?.kind === 'alarm' && panel.news === this.foldedNews;
  }

  unfold(): void {
    this.foldedNews = undefined;
    this.putAway = undefined;
  }

  /** The alarm key went down. `works`: somebody hears it. */
  alarmDown(works: boolean): void {
    this.unfold();
    this.deadKey = !works;
  }

  /** A key while `panel` is open. True: it is for the page beside it. */
  key(panel: PanelView, key: RemoteKey): boolean {
    if (key === 'back') this.back(panel);
    if (key === 'back' || panel.kind !== 'alarm') return false;
    const digit = key.indexOf('digit') === 0 ? Number(key.slice(5)) : 0;
    if (digit > 0) this.answer(digit);
    else if (panel.result && (key === 'up' || key === 'down'))
      this.resultPage = Math.max(0, Math.min(panel.result.pages - 1, panel.result.page + (key === 'up' ? -1 : 1)));
    else return true;
    return false;
  }

  private back(panel: PanelView): void {
    const { link, clock } = this.deps;
    if (panel.kind === 'dead-key') {
      this.deadKey = false;
      return;
    }
    if (panel.kind === 'test' && link.status === 'up') link.call('dismissTest', {}).catch(() => {});
    const alarm = link.state?.alarm;
    if (panel.kind !== 'alarm' || !alarm) return;
    const bridgeNow = link.bridgeNow();
    if (mayWithdraw(alarm, bridgeNow) && link.status === 'up') {
      this.withdrewAt = clock.now();
      link.call('withdraw', {}).catch(() => {});
      return;
    }
    const windowEnded = bridgeNow - alarm.withdrawUntil;
    // A hand on its way to withdraw must not put the alarm away instead; one that has rated it withdraws nothing any more.
    const justEnded = alarm.rating === undefined && windowEnded >= 0 && windowEnded < BACK_GUARD_MS;
    if (justEnded && !isOver(alarm)) this.tooLate = { alarm: alarm.id, at: clock.now() };
    if (clock.now() - this.withdrewAt < BACK_GUARD_MS || justEnded) return;
    // Folded at once: the answer takes a moment, and a lost link must not hold the screen.
    this.foldedNews = panel.news;
    // After the answer nothing is left to read but thanks; whatever else may still come opens the panel again.
    if (mayDismiss(alarm) || alarm.rating !== undefined) this.putAway = alarm.id;
    this.dismissWhenOver();
  }

  private dismissWhenOver(): void {
    const { link } = this.deps;
    const alarm = link.state?.alarm;
    if (!alarm || alarm.id !== this.putAway || !mayDismiss(alarm) || link.status !== 'up') return;
    this.putAway = undefined;
    link.call('dismiss', {}).catch(() => {
      // It got lost, or the box still waits for the centre: asked again at the next look, unless somebody has opened it again.
      if (this.foldedNews !== undefined) this.putAway = alarm.id;
    });
  }

  private answer(digit: number): void {
    const { link } = this.deps;
    const alarm = link.state?.alarm;
    if (!alarm) return;
    const rating = RATING_KEYS.filter((c) => c.digit === digit)[0]?.rating;
    const about = ABOUT_KEYS.filter((c) => c.digit === digit)[0]?.about;
    if (asksRating(alarm)) {
      if (rating) link.call('rate', { rating }).catch(() => {});
    } else if (asksAbout(alarm) && about) link.call('detail', { about }).catch(() => {});
  }
}
