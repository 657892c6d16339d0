/** The page's state and what keys do to it. Free of any renderer: `view()` says what is on the screen, `key()` takes the remote. */
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
import { FLASH_BROKEN, REMINDER } from '../words.ts';
import { activationView } from './activation-view.ts';
import type { AlarmView, PanelView } from './alarm-panel-view.ts';
import { awayView } from './away.ts';
import { CameraChoice } from './camera-choice.ts';
import { CameraNumber } from './camera-number.ts';
import { centreLine, linkBanner } from './link-notice.ts';
import { livePageView, onScreen } from './live-page-view.ts';
import { PanelControl } from './panel-control.ts';
import { type ScreenView, stripView } from './screen-view.ts';
import { Sheets } from './sheets.ts';
import { stillWatching } from './still-watching.ts';
import { clockText, dateText } from './times.ts';
import { wallView } from './wall-view.ts';

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
  reads(): boolean;
  read(text: string): void;
  hush(): void;
  clock: Clock;
  /** What is on the screen has changed in a way that the bridge should know at once. */
  screenChanged: () => void;
}

export class TvModel {
  private readonly deps: TvModelDeps;
  private readonly startedAt: number;
  private page: 'wall' | 'live' = 'wall';
  private lastKeyAt: number;
  private hidden = false;
  private readonly choice: CameraChoice;
  private readonly panel: PanelControl;
  private readonly number: CameraNumber;
  private readonly sheets: Sheets;

  constructor(deps: TvModelDeps) {
    this.deps = deps;
    this.startedAt = this.lastKeyAt = deps.clock.now();
    const { link, clock, look, seen, cameras, memory } = deps;
    this.choice = new CameraChoice(() => cameras.cameras);
    this.panel = new PanelControl({ link, clock, memory });
    this.number = new CameraNumber(clock, (number) => this.openNumber(number));
    this.sheets = new Sheets({
      link,
      clock,
      look,
      seen,
      speaks: deps.speaks,
      reads: deps.reads,
      read: deps.read,
      hush: deps.hush,
      phone: () => memory.get().phone,
      status: () => ({ status: link.status, state: link.state, cameras: cameras.cameras?.length, plays: deps.plays() }),
    });
  }

  /** Follows the services: call after any of them changed and once a second. */
  update(): void {
    const { state } = this.deps.link;
    if (state) this.deps.memory.remember(state.centre);
    this.deps.look.follow();
    this.panel.update();
    this.sheets.update();
    // A key of the box itself opens the panel over the menu, which stays.
    const panel = this.panel.view();
    if (panel && !this.panel.isFolded(panel)) this.sheets.hush();
    this.followFocus();
    const watchedOut = stillWatching(this.lastKeyAt, this.deps.clock.now()).kind === 'leave';
    // The engineer's screen covers the picture.
    if (this.page === 'live' && (watchedOut || this.deps.link.activation)) this.toWall();
    this.showStills();
  }

  view(): ScreenView {
    const { link, cameras, live, store, clock, memory, stills } = this.deps;
    const now = clock.now();
    const { choice } = this;
    const list = choice.list();
    const centre = memory.get();
    const panel = this.panel.view();
    const folded = this.panel.isFolded(panel);
    const asking = this.page === 'live' ? stillWatching(this.lastKeyAt, now) : undefined;
    return {
      page: this.page,
      time: clockText(now),
      date: dateText(now),
      where: link.state?.place ?? centre.name,
      centre: link.status === 'up' ? centreLine(link.state) : undefined,
      phone: centre.phone,
      flash: link.state?.flashBroken ? FLASH_BROKEN : '',
      ...this.reminder(),
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
        choice.focus,
        now,
        { groups: choice.groups(), shown: choice.group, focused: choice.onGroups },
      ),
      focusedCamera: choice.camera()?.id,
      live:
        this.page === 'live' && list && choice.camera()
          ? livePageView(list, choice.focus, live, store.get(choice.camera()!.id), link.state?.boxId ?? '', now, (id) => stills.problem(id))
          : undefined,
      transport: this.page === 'live' ? live.transport : undefined,
      activation: link.activation && activationView(link.activation, centre.phone),
      // The engineer's screen says the same, and more.
      banner: link.activation ? undefined : linkBanner(link.status, centre.phone, now - this.startedAt),
      panel: folded ? undefined : panel,
      strip: folded ? stripView(panel) : undefined,
      asking: asking?.kind === 'ask' ? { secondsLeft: asking.secondsLeft } : undefined,
    };
  }

  /** The open alarm, folded or not. */
  alarm(): AlarmView | undefined {
    const panel = this.panel.view();
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
    if (hidden) {
      this.deps.live.close();
      this.sheets.hush();
    } else if (this.page === 'live') this.toLive();
    this.deps.screenChanged();
    this.update();
  }

  /** The alarm key went down. */
  alarmDown(): void {
    // The alarm is to carry the picture of this moment.
    this.deps.screenChanged();
    this.lastKeyAt = this.deps.clock.now();
    this.sheets.close();
    this.panel.alarmDown(this.deps.alarmKey.down('alarm'));
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
      const panel = this.panel.view();
      const { activation } = this.deps.link;
      if (activation && !panel) activationKey(activation, key);
      else if (panel && !this.panel.isFolded(panel)) this.panelKey(panel, key);
      else if (this.sheets.isOpen && !(key === 'up' && panel && this.sheets.atTop)) this.sheets.key(key);
      else if (this.sheets.isOpen) this.panel.unfold();
      else this.pageKey(key, panel);
    }
    this.update();
  }

  private panelKey(panel: PanelView, key: RemoteKey): void {
    const forPage = this.panel.key(panel, key);
    if (forPage && this.page === 'live' && (key === 'left' || key === 'right')) this.neighbour(key);
  }

  private pageKey(key: RemoteKey, folded: PanelView | undefined): void {
    if (key === 'up' && folded && (this.page === 'live' || this.choice.atTop())) {
      this.panel.unfold();
      return;
    }
    if (this.page === 'live') {
      if (key === 'back') this.toWall();
      else if (key === 'left' || key === 'right') this.neighbour(key);
      else if (key === 'ok') this.takeOffer();
      else if (key.indexOf('digit') === 0) this.number.type(key.slice(5), this.choice.count());
      return;
    }
    if (key === 'menu' || (key === 'digit0' && this.number.typed === '')) this.sheets.open();
    else if (key.indexOf('digit') === 0) this.number.type(key.slice(5), this.choice.count());
    else if (this.choice.key(key)) this.toLive();
  }

  private openNumber(number: number | undefined): void {
    if (number !== undefined && number <= this.choice.count()) {
      this.choice.moveTo(number - 1);
      this.toLive();
    }
    this.update();
    this.deps.screenChanged();
  }

  /** The camera on the screen is broken, and the nearest other one was offered. */
  private takeOffer(): void {
    const { offer } = this.view().live ?? {};
    if (!offer) return;
    this.choice.moveToCamera(offer.cameraId);
    this.toLive();
  }

  private reminder(): Pick<ScreenView, 'reminder' | 'briefReminder'> {
    const { link } = this.deps;
    const unread = link.status === 'up' && link.state ? this.sheets.unread() : 0;
    if (unread > 0) return { reminder: REMINDER.notices(unread), briefReminder: REMINDER.briefNotices(unread) };
    return this.sheets.testDue() ? { reminder: REMINDER.test, briefReminder: REMINDER.briefTest } : { reminder: '', briefReminder: '' };
  }

  private neighbour(key: 'left' | 'right'): void {
    if (this.choice.neighbour(key)) this.toLive();
  }

  private toLive(): void {
    const camera = this.choice.camera();
    if (!camera) return;
    this.page = 'live';
    this.sheets.close();
    this.showStills();
    if (!this.hidden) this.deps.live.open(camera.id);
    this.deps.screenChanged();
  }

  private toWall(): void {
    this.page = 'wall';
    this.deps.live.close();
    this.deps.screenChanged();
  }

  /** A camera that is no longer granted leaves the screen. */
  private followFocus(): void {
    if (!this.choice.follow() && this.page === 'live') this.toWall();
  }

  private showStills(): void {
    const { live } = this.deps;
    // Where no moving picture can be shown, a photo every few seconds is better than nothing.
    if (this.page === 'live' && !this.hidden && live.code === 'CODEC_UNSUPPORTED' && live.cameraId) {
      this.deps.stills.show([live.cameraId]);
      return;
    }
    const shown = this.page === 'wall' && !this.hidden ? this.choice.page() : [];
    this.deps.stills.show(shown.map((c) => c.id));
  }
}

function activationKey(activation: Activation, key: RemoteKey): void {
  if (key === 'back') activation.key(key);
  else if (key.indexOf('digit') === 0) activation.key(key as Digit);
}
