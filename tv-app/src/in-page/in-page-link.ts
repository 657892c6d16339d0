/**
 * The box's voice where the box can run no daemon: this page recognises the gesture, keeps the alarm, sends it over HTTP and follows it. A
 * lesser class than a bridge, and its state says so (`claims`): it works only while the page is open, and power loss may take what it keeps.
 */
import type {
  AnyCloudEvent,
  BoxReported,
  CentreNotice,
  NoticesTold,
  OnScreen,
  Progress,
  Received,
  Rejected,
  TvCallName,
  TvCallParams,
  TvSettings,
  TvState,
} from '@shouwang/protocol';
import type { Cancel, Clock } from '../clock.ts';
import type { KnownCentre } from '../services/centre-memory.ts';
import { LinkError } from '../services/json-rpc.ts';
import type { LinkStatus, TvLink } from '../services/tv-link.ts';
import { Activation } from './activation.ts';
import * as alarms from './alarm.ts';
import { AlarmMemory } from './alarm-memory.ts';
import type { Account, AskCentre } from './centre-channel.ts';
import { CentreLine } from './centre-line.ts';
import { GESTURES, type GestureSettings } from './gesture.ts';
import { GestureKey } from './gesture-key.ts';
import { heartbeat, knowsTime } from './heartbeat.ts';
import type { Kept } from './kept.ts';
import { toTv } from './page-alarm.ts';
import { overtaken, standing } from './standing.ts';

export interface InPageDeps {
  clock: Clock;
  random(): number;
  ask: AskCentre;
  kept: Kept;
  newId(now: number): string;
  reported: BoxReported;
  /** As engineers call the middleware. */
  label: string;
  keyUps: boolean;
  /** As the served page, or an earlier answer, had it. */
  centre: KnownCentre;
}

const HEARTBEAT_MS = 30_000;
const LATE_MS = 20_000;
const TEST_SHOWN_MS = 60_000;
const TEST_EVERY_MS = 24 * 3_600_000;
const NOT_THERE = ['OFFLINE', 'TIMEOUT', 'BAD_CREDENTIALS', 'BOX_REVOKED'];

export class InPageLink implements TvLink {
  status: LinkStatus = 'starting';
  state: TvState | undefined;
  activation: Activation | undefined;
  private readonly deps: InPageDeps;
  private readonly listeners = new Set<() => void>();
  private account: Account | undefined;
  private readonly memory: AlarmMemory;
  private readonly gestures: Record<'alarm' | 'silent' | 'test', GestureKey>;
  private cancelTest: Cancel = () => {};
  private late = false;
  private cancelLate: Cancel = () => {};
  private onScreen: OnScreen | undefined;
  private connected = false;
  private centre: TvState['centre'];
  /** When the centre told the notices that are kept, RFC 3339. */
  private noticesSaid: string | undefined;
  private line: CentreLine | undefined;
  private readonly stops: Cancel[] = [];

  constructor(deps: InPageDeps) {
    this.deps = deps;
    this.centre = { ...deps.centre, connected: false };
    this.memory = new AlarmMemory(deps.kept, deps.clock);
    this.account = deps.kept.read('account') as Account | undefined;
    const key = (settings: Omit<GestureSettings, 'keyUps'>, onFired: (gesture: 'hold' | 'triple') => void, onChange: () => void) =>
      new GestureKey({ clock: deps.clock, settings: { ...settings, keyUps: deps.keyUps }, onFired, onChange });
    this.gestures = {
      alarm: key(
        GESTURES.alarm,
        (gesture) => this.press(gesture),
        () => this.changed(),
      ),
      // Of a silent alarm nothing may be seen.
      silent: key(
        GESTURES.silent,
        () => this.put(alarms.pressedSilently(this.alarms, this.making(), this.onScreen)),
        () => {},
      ),
      test: key(
        GESTURES.test,
        () => this.test(),
        () => {},
      ),
    };
  }

  onChange(listener: () => void): Cancel {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  start(): void {
    const { alarm } = this.alarms;
    if (alarm) this.armLate(alarm.pressedAt);
    const followTime = () => {
      // A notice may be over.
      this.changed();
      this.beat();
    };
    this.stops.push(this.deps.clock.every(HEARTBEAT_MS, followTime));
    if (this.account) this.enter(this.account);
    else this.askForCode();
    this.changed();
  }

  close(): void {
    this.line?.close();
    for (const key of [this.gestures.alarm, this.gestures.silent, this.gestures.test]) key.stop();
    this.cancelLate();
    this.cancelTest();
    for (const stop of this.stops) stop();
  }

  bridgeNow(): number {
    return this.deps.clock.now();
  }

  keyRepeats(key: 'alarm' | 'silent' | 'test'): void {
    // Where every key-up is told, what comes in between are repeats, whatever their gaps.
    if (this.status === 'up') this.gestures[key].down(this.deps.keyUps);
  }

  async call<N extends TvCallName>(name: N, params: TvCallParams<N>): Promise<unknown> {
    if (this.status !== 'up') throw new LinkError('OFFLINE', name);
    const p = params as never;
    switch (name as TvCallName) {
      case 'key':
        return this.key(p);
      case 'watching':
        this.onScreen = (p as TvCallParams<'watching'>).onScreen ?? undefined;
        return null;
      case 'withdraw':
        return this.say(alarms.withdrawn(this.alarms, this.making()));
      case 'detail':
        return this.say(alarms.detailed(this.alarms, this.making(), (p as TvCallParams<'detail'>).about));
      case 'rate': {
        const { rating, alarmId } = p as TvCallParams<'rate'>;
        return this.say(alarms.rated(this.alarms, this.making(), rating, alarmId));
      }
      case 'dismiss':
        return this.say(alarms.dismissed(this.alarms));
      case 'dismissTest':
        return this.say(alarms.testDismissed(this.alarms));
      case 'test':
        this.test();
        return null;
      case 'settings':
        this.deps.kept.write('settings', (p as TvCallParams<'settings'>).settings);
        this.changed();
        return null;
      case 'readNotice':
        // The page's own memory of what was opened is the only one here.
        return null;
      case 'cameras':
        return this.line?.view({ ask: 'cameras' }, 'cn.shouwang.box.cameras.v1');
      case 'grants':
        return this.line?.view({ ask: 'grants', ...(params as TvCallParams<'grants'>) }, 'cn.shouwang.box.grants.v1');
      default:
        return this.state;
    }
  }

  // --- the account ---

  private askForCode(): void {
    const { ask, reported, label, kept } = this.deps;
    this.status = 'lost';
    this.activation ??= new Activation({
      ask,
      reported,
      label,
      durable: kept.durable,
      onAccount: (account) => {
        kept.write('account', account);
        this.enter(account);
      },
      onChange: () => this.changed(),
    });
  }

  private enter(account: Account): void {
    this.account = account;
    this.memory.belongsTo(account.boxId);
    this.activation = undefined;
    this.status = 'up';
    this.line?.close();
    const { ask, clock, random, newId } = this.deps;
    this.line = new CentreLine({
      ask,
      account,
      clock,
      random,
      newId,
      next: (notYet) => alarms.nextToSend(this.alarms, notYet),
      openIds: () => alarms.openIds(this.alarms),
      onSent: (id) => this.take(alarms.sent(this.alarms, id, clock.now())),
      onMessage: (event) => this.hear(event),
      onList: (told) => {
        this.memory.listed(told);
        this.changed();
      },
      onReach: (reached, code) => this.reach(reached, code),
    });
    this.line.open();
    this.changed();
  }

  private reach(reached: boolean, code: string | undefined): void {
    const was = this.connected;
    // A centre that says why not can be reached all the same; one that does not let this box in is of no use to it.
    this.connected = reached || (was && NOT_THERE.indexOf(code ?? '') < 0);
    if (reached || code === 'BOX_REVOKED') this.centre = { ...this.centre, refused: reached ? undefined : true };
    // The centre does not know this secret: another code is needed. It is asked on, in case it was the centre that was mistaken.
    if (code === 'BAD_CREDENTIALS') this.askForCode();
    if (reached) {
      this.activation = undefined;
      this.status = 'up';
    }
    if (reached && !was) {
      this.line?.hurry();
      this.beat();
    }
    this.changed();
  }

  // --- the key ---

  private key({ key, action }: TvCallParams<'key'>): null {
    const gesture = this.gestures[key === 'sos' ? 'alarm' : key];
    if (action === 'down') gesture.down();
    else gesture.up();
    return null;
  }

  private press(gesture: 'hold' | 'triple'): void {
    const next = alarms.pressed(this.alarms, this.making(), gesture, this.onScreen);
    const { alarm } = next;
    // First: the one before may have been late.
    if (alarm && alarm.id !== this.alarms.alarm?.id) this.armLate(alarm.pressedAt);
    this.put(next);
  }

  private test(): void {
    this.put(alarms.tested(this.alarms, this.making(), 'person'));
    this.cancelTest();
    // Until it is late; then as long as somebody may want to read it.
    this.cancelTest = this.deps.clock.after(LATE_MS, () => {
      this.cancelTest = this.deps.clock.after(TEST_SHOWN_MS, () => this.put(alarms.testDismissed(this.alarms)));
      this.changed();
    });
  }

  private armLate(pressedAt: number): void {
    const age = this.deps.clock.now() - pressedAt;
    this.cancelLate();
    this.late = age >= LATE_MS;
    if (this.late) return;
    // A clock that jumped back makes the age negative: count afresh.
    this.cancelLate = this.deps.clock.after(age < 0 ? LATE_MS : LATE_MS - age, () => {
      this.late = true;
      this.changed();
    });
  }

  // --- what is said, and heard ---

  private say(next: alarms.AlarmState): null {
    this.put(next);
    return null;
  }

  private put(next: alarms.AlarmState): void {
    this.memory.save(next);
    this.changed();
    this.line?.wake();
  }

  private hear(event: AnyCloudEvent): void {
    const { data } = event;
    if (event.type === 'cn.shouwang.box.received.v1')
      this.take(alarms.received(this.alarms, data as Received['data'], this.deps.clock.now()));
    else if (event.type === 'cn.shouwang.box.rejected.v1') this.take(alarms.rejected(this.alarms, data as Rejected['data']));
    else if (event.type === 'cn.shouwang.alarm.progress.v1') this.take(alarms.progressed(this.alarms, data as Progress['data']));
    else if (event.type === 'cn.shouwang.centre.notice.v1') {
      this.centre = { ...this.centre, ...(data as CentreNotice['data']) };
      this.changed();
    } else if (event.type === 'cn.shouwang.box.notices.v1' && !overtaken(event.time, this.noticesSaid)) {
      this.noticesSaid = event.time;
      this.deps.kept.write('notices', (data as NoticesTold['data']).notices);
      this.changed();
    }
  }

  private take(next: alarms.AlarmState): void {
    if (next === this.alarms) return;
    const testedAt = next.test?.receivedAt;
    if (testedAt !== undefined && testedAt !== this.alarms.test?.receivedAt) this.deps.kept.write('testedAt', testedAt);
    this.memory.save(next);
    this.changed();
  }

  private beat(): void {
    const { clock, kept } = this.deps;
    if (!this.connected) return;
    const now = clock.now();
    this.line?.tell(heartbeat({ now, stores: !kept.durable || this.memory.written, waiting: this.alarms.outbox.length }));
    const testedAt = kept.read('tested');
    if (typeof testedAt === 'number' && now >= testedAt && now - testedAt < TEST_EVERY_MS) return;
    kept.write('tested', now);
    this.put(alarms.tested(this.alarms, this.making(), 'self'));
  }

  private get alarms(): alarms.AlarmState {
    return this.memory.alarms;
  }

  private making(): alarms.Making {
    return { boxId: this.account?.boxId ?? '', now: this.deps.clock.now(), newId: this.deps.newId };
  }

  private changed(): void {
    this.state = this.status === 'up' ? this.now() : this.state && { ...this.state, gesture: undefined };
    for (const listener of Array.from(this.listeners)) listener();
  }

  private now(): TvState {
    const { clock, kept } = this.deps;
    const { written } = this.memory;
    const { alarm, test } = this.alarms;
    const now = clock.now();
    const testLate = test && test.receivedAt === undefined && now - test.at >= LATE_MS ? { late: true as const } : {};
    return {
      version: 1,
      boxId: this.account?.boxId ?? '',
      keysFrom: 'page',
      claims: { stored: kept.durable && written, survivesPowerLoss: false, keyOutsidePage: false },
      now,
      centre: { ...this.centre, connected: this.connected, staffed: this.connected ? this.centre.staffed : undefined },
      gesture: this.gestures.alarm.view(),
      alarm: alarm && toTv(alarm, this.late),
      reports: this.memory.reports(this.late),
      test: test && { ...test, ...testLate },
      flashBroken: kept.durable && !written ? true : undefined,
      clockUnsure: knowsTime(now) ? undefined : true,
      testedAt: kept.read('testedAt') as number | undefined,
      settings: kept.read('settings') as TvSettings | undefined,
      notices: standing(kept.read('notices'), knowsTime(now) ? now : undefined),
    };
  }
}
