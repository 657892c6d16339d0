/** The page's state and what keys do to it. Free of any renderer: `view()` says what is on the screen, `key()` takes the remote. */
import type { NearbyCamera } from '@shouwang/protocol';
import type { Clock } from '../clock.ts';
import type { Activation } from '../in-page/activation.ts';
import type { Digit, GestureKey, RemoteKey } from '../keys/key-tables.ts';
import type { AlarmKey } from '../services/alarm-key.ts';
import type { CameraList } from '../services/camera-list.ts';
import type { CentreMemory } from '../services/centre-memory.ts';
import type { LiveView } from '../services/live-view.ts';
import type { LookKeeper } from '../services/look.ts';
import type { SeenNotices } from '../services/seen-notices.ts';
import type { StillStore } from '../services/still-store.ts';
import type { TvLink } from '../services/tv-link.ts';
import type { WallStills } from '../services/wall-stills.ts';
import { ABOUT_KEYS, FLASH_BROKEN, RATING_KEYS, REMINDER } from '../words.ts';
import { activationView } from './activation-view.ts';
import { type AlarmView, alarmPanelView, type PanelView } from './alarm-panel-view.ts';
import { asksAbout, asksRating, mayDismiss, mayWithdraw } from './alarm-truth.ts';
import { awayView } from './away.ts';
import { CameraNumber } from './camera-number.ts';
import { type Group, groupsOf, inGroup } from './groups.ts';
import { centreLine, linkBanner } from './link-notice.ts';
import { livePageView, onScreen } from './live-page-view.ts';
import { type ScreenView, stripView } from './screen-view.ts';
import { Sheets } from './sheets.ts';
import { stillWatching } from './still-watching.ts';
import { clockText, dateText } from './times.ts';
import { type Direction, inTopRow, moveFocus, PER_PAGE } from './wall-focus.ts';
import { wallView } from './wall-view.ts';

/** After the back key meant something grave (withdraw), or has just ceased to, it means nothing for so long. */
const BACK_GUARD_MS = 1_500;

export interface TvModelDeps {
  link: TvLink;
  cameras: CameraList;
  stills: Pick<WallStills, 'show' | 'problem'>;
  store: Pick<StillStore, 'get'>;
  live: LiveView;
  alarmKey: AlarmKey;
  memory: CentreMemory;
  look: LookKeeper;
  seen: SeenNotices;
  /** The browser's word on the network. */
  online(): boolean;
  /** This browser can show moving pictures in any way. */
  plays(): boolean;
  speaks(): boolean;
  read(text: string): void;
  clock: Clock;
  /** What is on the screen has changed in a way that the bridge should know at once. */
  screenChanged: () => void;
}

export class TvModel {
  private readonly deps: TvModelDeps;
  private readonly startedAt: number;
  private page: 'wall' | 'live' = 'wall';
  private focus = 0;
  private focusedId: string | undefined;
  private lastKeyAt: number;
  private deadKey = false;
  /** The news of the alarm panel when it was folded; anything newer opens it. */
  private foldedNews: string | undefined;
  private withdrewAt = 0;
  /** An alarm that the villager put away before the centre had the last word: dismissed as soon as it has. */
  private putAway: string | undefined;
  private resultPage = 0;
  private hidden = false;
  private group: Group = 'all';
  /** The highlight is on the groups above the wall. */
  private onGroups = false;
  private readonly number: CameraNumber;
  private readonly sheets: Sheets;

  constructor(deps: TvModelDeps) {
    this.deps = deps;
    this.startedAt = this.lastKeyAt = deps.clock.now();
    const { link, clock, look, seen, cameras, memory } = deps;
    this.number = new CameraNumber(clock, (number) => this.openNumber(number));
    this.sheets = new Sheets({
      link,
      clock,
      look,
      seen,
      speaks: deps.speaks,
      read: deps.read,
      phone: () => memory.get().phone,
      status: () => ({ status: link.status, state: link.state, cameras: cameras.cameras?.length, plays: deps.plays() }),
    });
  }

  /** Follows the services: call after any of them changed and once a second. */
  update(): void {
    const { state } = this.deps.link;
    if (state?.alarm?.state !== 'closed') this.resultPage = 0;
    if (state) this.deps.memory.remember(state.centre);
    this.deps.look.follow();
    this.dismissWhenOver();
    this.followFocus();
    if (this.page === 'live' && stillWatching(this.lastKeyAt, this.deps.clock.now()).kind === 'leave') this.toWall();
    this.showStills();
  }

  view(): ScreenView {
    const { link, cameras, live, store, clock, memory, stills } = this.deps;
    const now = clock.now();
    const list = this.list();
    const groups = groupsOf(cameras.cameras);
    const centre = memory.get();
    const panel = this.panel();
    const folded = panel?.kind === 'alarm' && panel.news === this.foldedNews;
    const asking = this.page === 'live' ? stillWatching(this.lastKeyAt, now) : undefined;
    return {
      page: this.page,
      time: clockText(now),
      date: dateText(now),
      where: link.state?.place ?? centre.name,
      centre: link.status === 'up' ? centreLine(link.state) : undefined,
      phone: centre.phone,
      flash: link.state?.flashBroken ? FLASH_BROKEN : '',
      reminder: this.reminder(),
      away:
        link.status === 'up'
          ? awayView({
              state: link.state,
              phone: centre.phone,
              online: this.deps.online(),
              cameras: cameras.cameras,
              listFailed: cameras.failed,
              plays: this.deps.plays(),
            })
          : undefined,
      sheet: this.sheets.view(),
      typed: this.number.typed,
      onlyHere: link.status === 'up' && link.state?.claims.keyOutsidePage === false,
      wall: wallView(
        {
          cameras: list,
          listFailed: cameras.failed,
          reachable: link.status === 'up' && link.state?.centre.connected === true,
          still: (id) => store.get(id),
          problem: (id) => stills.problem(id),
        },
        this.focus,
        now,
        { groups, shown: this.group, focused: this.onGroups },
      ),
      focusedCamera: list?.[this.focus]?.id,
      live:
        this.page === 'live' && list?.[this.focus]
          ? livePageView(list, this.focus, live, store.get(list[this.focus]!.id), link.state?.boxId ?? '', now, (id) => stills.problem(id))
          : undefined,
      transport: this.page === 'live' ? live.transport : undefined,
      activation: link.activation && activationView(link.activation, centre.phone),
      // The engineer's screen says the same, and more.
      banner: link.activation ? undefined : linkBanner(link.status, centre.phone, now - this.startedAt),
      panel: folded ? undefined : panel,
      strip: folded ? stripView(panel as AlarmView) : undefined,
      asking: asking?.kind === 'ask' ? { secondsLeft: asking.secondsLeft } : undefined,
    };
  }

  /** The open alarm, folded or not. */
  alarm(): AlarmView | undefined {
    const panel = this.panel();
    return panel?.kind === 'alarm' ? panel : undefined;
  }

  /** What an alarm pressed now would carry. */
  onScreen() {
    const { live, store } = this.deps;
    if (this.page !== 'live') return null;
    return onScreen(live.cameraId, live, live.cameraId === undefined ? undefined : store.get(live.cameraId));
  }

  /** Another page lies over this one, or the box shows something else: nobody watches, so nothing is pulled. */
  setHidden(hidden: boolean): void {
    if (hidden === this.hidden) return;
    this.hidden = hidden;
    if (hidden) this.deps.live.close();
    else if (this.page === 'live') this.toLive();
    this.deps.screenChanged();
    this.update();
  }

  /** The alarm key went down. */
  alarmDown(): void {
    // The alarm is to carry the picture of this moment.
    this.deps.screenChanged();
    this.lastKeyAt = this.deps.clock.now();
    this.foldedNews = undefined;
    this.putAway = undefined;
    this.sheets.close();
    this.deadKey = !this.deps.alarmKey.down('alarm');
    this.update();
  }

  /**
   * The key of the silent or the test gesture went down. Of a silent alarm nothing may be seen: for the page it is any other key,
   * and where it cannot be passed on that is not said either.
   */
  quietDown(key: 'silent' | 'test'): void {
    this.deps.screenChanged();
    this.deps.alarmKey.down(key);
    this.key('other');
  }

  /** A key of a gesture came up, or can no longer be known to be down. */
  gestureUp(key: GestureKey): void {
    this.deps.alarmKey.up(key);
  }

  /** Any other key went down. */
  key(key: RemoteKey): void {
    const now = this.deps.clock.now();
    const asked = this.page === 'live' && stillWatching(this.lastKeyAt, now).kind === 'ask';
    this.lastKeyAt = now;
    if (!asked) {
      const panel = this.panel();
      const { activation } = this.deps.link;
      if (activation && !panel) activationKey(activation, key);
      else if (panel && !(panel.kind === 'alarm' && panel.news === this.foldedNews)) this.panelKey(panel, key);
      else if (this.sheets.isOpen) this.sheets.key(key);
      else this.pageKey(key, panel);
    }
    this.update();
  }

  private panel(): PanelView | undefined {
    const { link, clock, memory } = this.deps;
    const bridgeNow = link.bridgeNow();
    return alarmPanelView({
      state: link.state,
      status: link.status,
      centre: memory.get(),
      deadKey: this.deadKey,
      bridgeNow,
      resultPage: this.resultPage,
      toPageClock: clock.now() - bridgeNow,
    });
  }

  private panelKey(panel: PanelView, key: RemoteKey): void {
    if (key === 'back') this.panelBack(panel);
    if (key === 'back' || panel.kind !== 'alarm') return;
    const digit = key.indexOf('digit') === 0 ? Number(key.slice(5)) : 0;
    if (digit > 0) this.answer(digit);
    else if (panel.result && (key === 'up' || key === 'down'))
      this.resultPage = Math.max(0, Math.min(panel.result.pages - 1, panel.result.page + (key === 'up' ? -1 : 1)));
    else if (this.page === 'live' && (key === 'left' || key === 'right')) this.neighbour(key);
  }

  private panelBack(panel: PanelView): void {
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
      // It got lost, or the box still waits for the centre: asked again with the next news.
      this.putAway = alarm.id;
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

  private pageKey(key: RemoteKey, folded: PanelView | undefined): void {
    const top = groupsOf(this.deps.cameras.cameras).length > 0 ? this.onGroups : inTopRow(this.focus) || this.count() === 0;
    if (key === 'up' && folded && (this.page === 'live' || top)) {
      this.foldedNews = undefined;
      this.putAway = undefined;
      return;
    }
    if (this.page === 'live') {
      if (key === 'back') this.toWall();
      else if (key === 'left' || key === 'right') this.neighbour(key);
      else if (key === 'ok') this.takeOffer();
      else if (key.indexOf('digit') === 0) this.number.type(key.slice(5), this.count());
      return;
    }
    if (key === 'menu' || (key === 'digit0' && this.number.typed === '')) this.sheets.open();
    else if (key.indexOf('digit') === 0) this.number.type(key.slice(5), this.count());
    else this.wallKey(key);
  }

  private wallKey(key: RemoteKey): void {
    if (this.onGroups || (key === 'up' && inTopRow(this.focus))) {
      if (this.groupKey(key)) return;
    }
    if (key === 'ok' && this.count() > 0) this.toLive();
    else if (key === 'left' || key === 'right' || key === 'up' || key === 'down')
      this.moveTo(moveFocus(this.focus, this.count(), key as Direction));
  }

  /** On the groups, or on the way to them. False: the key is for the cameras. */
  private groupKey(key: RemoteKey): boolean {
    const groups = groupsOf(this.deps.cameras.cameras);
    if (groups.length === 0) {
      this.onGroups = false;
      return false;
    }
    if (!this.onGroups) {
      this.onGroups = key === 'up';
      return this.onGroups;
    }
    if (key === 'down' || key === 'ok' || key === 'back') this.onGroups = false;
    const step = key === 'left' ? -1 : key === 'right' ? 1 : 0;
    const next = groups[groups.indexOf(this.group) + step];
    if (step !== 0 && next) {
      this.group = next;
      this.moveTo(0);
    }
    return true;
  }

  private openNumber(number: number | undefined): void {
    if (number !== undefined && number <= this.count()) {
      this.moveTo(number - 1);
      this.toLive();
    }
    this.update();
    this.deps.screenChanged();
  }

  /** The camera on the screen is broken, and the nearest other one was offered. */
  private takeOffer(): void {
    const { offer } = this.view().live ?? {};
    const list = this.list();
    if (!offer || !list) return;
    for (let i = 0; i < list.length; i++) if (list[i]!.id === offer.cameraId) this.moveTo(i);
    this.toLive();
  }

  private reminder(): string {
    const { link } = this.deps;
    if (link.status !== 'up' || !link.state) return '';
    const unread = this.sheets.unread();
    if (unread > 0) return REMINDER.notices(unread);
    return this.sheets.testDue() ? REMINDER.test : '';
  }

  private list(): readonly NearbyCamera[] | undefined {
    return inGroup(this.deps.cameras.cameras, this.group);
  }

  private neighbour(key: 'left' | 'right'): void {
    const next = this.focus + (key === 'left' ? -1 : 1);
    if (next < 0 || next >= this.count()) return;
    this.moveTo(next);
    this.toLive();
  }

  private toLive(): void {
    const camera = this.list()?.[this.focus];
    if (!camera) return;
    this.page = 'live';
    this.sheets.close();
    this.showStills();
    this.deps.live.open(camera.id);
    this.deps.screenChanged();
  }

  private toWall(): void {
    this.page = 'wall';
    this.deps.live.close();
    this.deps.screenChanged();
  }

  private moveTo(index: number): void {
    this.focus = index;
    this.focusedId = this.list()?.[index]?.id;
  }

  private count(): number {
    return this.list()?.length ?? 0;
  }

  /** The highlight stays on its camera when the list changes around it; a camera that is no longer granted leaves the screen. */
  private followFocus(): void {
    // A group that lost its last camera is not there any more.
    if (this.group !== 'all' && groupsOf(this.deps.cameras.cameras).indexOf(this.group) < 0) this.group = 'all';
    const list = this.list();
    if (!list) return;
    let index = -1;
    for (let i = 0; i < list.length; i++) if (list[i]!.id === this.focusedId) index = i;
    if (index < 0 && this.page === 'live') this.toWall();
    this.moveTo(index >= 0 ? index : Math.max(0, Math.min(this.focus, list.length - 1)));
  }

  private showStills(): void {
    const list = this.list();
    const { live } = this.deps;
    // Where no moving picture can be shown, a photo every few seconds is better than nothing.
    if (this.page === 'live' && !this.hidden && live.code === 'CODEC_UNSUPPORTED' && live.cameraId) {
      this.deps.stills.show([live.cameraId]);
      return;
    }
    const first = Math.floor(this.focus / PER_PAGE) * PER_PAGE;
    const shown = this.page === 'wall' && !this.hidden && list ? list.slice(first, first + PER_PAGE) : [];
    this.deps.stills.show(shown.map((c) => c.id));
  }
}

function activationKey(activation: Activation, key: RemoteKey): void {
  if (key === 'back') activation.key(key);
  else if (key.indexOf('digit') === 0) activation.key(key as Digit);
}
