/** Puts the page together: services, model, drawing. `createApp(deps)` → `start()`, `close()`. */
import type { Clock } from './clock.ts';
import { listenToKeys, type Remote } from './keys/listen.ts';
import { AlarmKey } from './services/alarm-key.ts';
import { CameraList } from './services/camera-list.ts';
import type { CentreMemory } from './services/centre-memory.ts';
import { LiveView } from './services/live-view.ts';
import type { LookKeeper } from './services/look.ts';
import type { Media } from './services/media.ts';
import type { SeenNotices } from './services/seen-notices.ts';
import { StillStore } from './services/still-store.ts';
import type { TvLink } from './services/tv-link.ts';
import { WallStills } from './services/wall-stills.ts';
import { WatchReporter } from './services/watching.ts';
import { TvModel } from './state/tv-model.ts';

export interface AppDeps {
  clock: Clock;
  random(): number;
  /** The box's voice: a bridge, or this page. */
  link: TvLink;
  remote: Remote;
  memory: CentreMemory;
  media: Media;
  video: HTMLVideoElement;
  look: LookKeeper;
  seen: SeenNotices;
  online(): boolean;
  plays(): boolean;
  speaks(): boolean;
  reads(): boolean;
  read(text: string): void;
  hush(): void;
  /** Where keys come from. */
  keys: Pick<Window, 'addEventListener' | 'removeEventListener'>;
  /** Something on the screen may have changed. Called often: at most one drawing a frame is wanted. */
  onChange(): void;
  /** A key was taken: what it changed is to be in the next frame. */
  onKey(): void;
}

export interface App {
  model: TvModel;
  link: TvLink;
  start(): void;
  close(): void;
}

export function createApp(deps: AppDeps): App {
  const { clock, random, link } = deps;
  const changed = () => {
    model.update();
    deps.onChange();
  };
  const store = new StillStore();
  const cameras = new CameraList({ link, clock, random, onChange: changed });
  const stills = new WallStills({ link, media: deps.media, store, clock, onChange: deps.onChange });
  const live = new LiveView({ link, media: deps.media, video: deps.video, clock, random, onChange: deps.onChange });
  const watching = new WatchReporter({ link, clock, look: () => model.onScreen() });
  const model = new TvModel({
    link,
    cameras,
    stills,
    store,
    live,
    alarmKey: new AlarmKey(link),
    memory: deps.memory,
    look: deps.look,
    seen: deps.seen,
    online: deps.online,
    plays: deps.plays,
    speaks: deps.speaks,
    reads: deps.reads,
    read: deps.read,
    hush: deps.hush,
    clock,
    screenChanged: () => watching.update(),
  });
  const stops: (() => void)[] = [];
  return {
    model,
    link,
    start() {
      stops.push(
        link.onChange(changed),
        // Clocks, ages and countdowns.
        clock.every(500, changed),
        listenToKeys(
          deps.keys as Parameters<typeof listenToKeys>[0],
          {
            down: (key) => {
              if (key === 'alarm') model.alarmDown();
              else if (key === 'silent' || key === 'test') model.quietDown(key);
              else model.key(key);
              deps.onKey();
            },
            up: (key) => model.gestureUp(key),
            repeats: (key) => link.keyRepeats?.(key),
          },
          deps.remote,
        ),
      );
      link.start();
    },
    close() {
      for (const stop of stops) stop();
      deps.hush();
      watching.close();
      cameras.close();
      live.close();
      stills.close();
      link.close();
    },
  };
}
