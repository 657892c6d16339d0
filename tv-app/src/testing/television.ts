/** The whole page without a screen: a remote, a bridge, a media node, and a clock to move. */
import { type App, createApp } from '../app.ts';
import { TABLES } from '../keys/key-tables.ts';
import { BridgeLink } from '../services/bridge-link.ts';
import { CentreMemory } from '../services/centre-memory.ts';
import { LookKeeper } from '../services/look.ts';
import { SeenNotices } from '../services/seen-notices.ts';
import type { PanelView } from '../state/alarm-panel-view.ts';
import { speak } from '../words.ts';
import { FakeMedia, fakeVideo, grantAll } from './fake-media.ts';
import { FakeBridge } from './fake-socket.ts';
import { ManualClock, settle } from './manual-clock.ts';
import { camera, stateWith, T0 } from './states.ts';

/** The keys of a desktop keyboard, by what they stand for. */
export const KEY = {
  alarm: 82,
  silent: 66,
  test: 89,
  ok: 13,
  back: 27,
  left: 37,
  up: 38,
  right: 39,
  down: 40,
  one: 49,
  two: 50,
  three: 51,
  four: 52,
  five: 53,
  six: 54,
  zero: 48,
  menu: 77,
} as const;

export class Television {
  readonly bridge: FakeBridge;
  readonly clock = new ManualClock(T0);
  readonly media = new FakeMedia();
  readonly app: App;
  readonly link: BridgeLink;
  /** The browser's word on the network; whether it can show moving pictures. */
  online = true;
  canPlay = true;
  /** Any text can be read aloud, not recordings only. */
  canRead = true;
  readonly readAloud: string[] = [];
  /** How often reading was stopped. */
  hushed = 0;
  private readonly video = fakeVideo();
  private readonly keys = new EventTarget();

  constructor(state = stateWith(), cameraIds: readonly string[] = ['gate', 'lane', 'square', 'clinic', 'school', 'river-road']) {
    this.bridge = new FakeBridge(state);
    this.bridge.results = {
      cameras: { cameras: cameraIds.map((id, i) => camera(id, { distanceM: 40 + 100 * i })) },
      grants: grantAll,
    };
    this.link = new BridgeLink({
      fetchToken: this.bridge.fetchToken,
      openSocket: this.bridge.openSocket,
      clock: this.clock,
      random: () => 0.5,
    });
    this.app = createApp({
      clock: this.clock,
      random: () => 0.5,
      link: this.link,
      look: new LookKeeper({ link: this.link, storage: undefined, apply: (look) => speak(look.language) }),
      seen: new SeenNotices(undefined),
      online: () => this.online,
      plays: () => this.canPlay,
      speaks: () => true,
      reads: () => this.canRead,
      read: (text) => this.readAloud.push(text),
      hush: () => this.hushed++,
      remote: { tables: TABLES, keyUps: true, now: () => this.clock.now() },
      memory: new CentreMemory(undefined),
      media: this.media,
      video: this.video.video,
      keys: this.keys as unknown as Window,
      onChange: () => {},
      onKey: () => {},
    });
  }

  async turnsOn(): Promise<this> {
    this.media.pictureAt = undefined;
    this.app.start();
    await this.clock.passes(1_500);
    return this;
  }

  /** Presses and lets go, one key after the other. */
  async presses(...keys: (keyof typeof KEY)[]): Promise<void> {
    for (const key of keys) {
      this.sends('keydown', key);
      this.sends('keyup', key);
      await settle();
    }
  }

  sends(type: 'keydown' | 'keyup', key: keyof typeof KEY, repeat = false): void {
    this.keys.dispatchEvent(Object.assign(new Event(type, { cancelable: true }), { keyCode: KEY[key], repeat }));
  }

  /** The picture plays for so long. */
  async plays(ms: number): Promise<void> {
    const player = this.media.players[this.media.players.length - 1]!;
    player.options.onState({ state: 'playing', transport: 'webrtc' });
    for (let t = 0; t < ms; t += 100) {
      this.video.plays();
      player.time = this.clock.now();
      await this.clock.passes(100);
    }
  }

  get view() {
    return this.app.model.view();
  }

  /** The panel, which must be of this kind. */
  panel<K extends PanelView['kind']>(kind: K): Extract<PanelView, { kind: K }> {
    const { panel } = this.view;
    if (panel?.kind !== kind) throw new Error(`the panel is ${panel?.kind}`);
    return panel as Extract<PanelView, { kind: K }>;
  }
}
