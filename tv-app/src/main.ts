import { TextTokenizer } from '@lightningjs/core';
import { createPlayer, loadStill, openSession } from '@shouwang/player';
import { createApp } from './app.ts';
import { realClock } from './clock.ts';
import { loadFirstFont, loadWholeFonts } from './fonts.ts';
import { stageOptions } from './options.ts';
import { BESIDE_PANEL, FULL } from './pages/live-page.ts';
import { TvApp } from './pages/tv-app.ts';
import { CentreMemory } from './services/centre-memory.ts';
import { LookKeeper } from './services/look.ts';
import { SeenNotices } from './services/seen-notices.ts';
import { browserSpeaker } from './services/speaker.ts';
import { VoiceOver } from './services/voice-over.ts';
import { tokenizer } from './ui/line-breaks.ts';
import { Mirror } from './ui/mirror.ts';
import { PictureLayer } from './ui/picture-layer.ts';
import { dress, fullFontIsThere } from './ui/theme.ts';
import { WallMark } from './ui/wall-mark.ts';
import { bridged, servedByCentre, type Voice } from './voice.ts';
import { speak } from './words.ts';

const RETRY_MS = 3_000;
/** Drawing is a slow box's work for most of a second, and it hears nothing meanwhile: what is to be shown is heard first, but waited for no longer than this. */
const HEARD_FIRST_MS = 600;
/** Nor do the whole fonts, as much work again, come before the wall, or later than this. */
const WALL_FIRST_MS = 5_000;
const PART_EVERY_MS = 200;

function storage(): Storage | undefined {
  try {
    return window.localStorage;
  } catch {
    return undefined;
  }
}

function byId<T extends HTMLElement>(id: string): T {
  return document.getElementById(id) as T;
}

function run(memory: CentreMemory, { link, remote }: Voice): void {
  const wallMark = new WallMark(byId('marked'));
  const picture = new PictureLayer(byId('picture'));
  const mirror = new Mirror(byId('mirror'));
  const canvas = byId<HTMLCanvasElement>('stage');
  const options = stageOptions(location.search, { w: window.innerWidth, h: window.innerHeight, ratio: window.devicePixelRatio || 1 });
  TextTokenizer.setCustomTokenizer(tokenizer);

  let screen: TvApp | undefined;
  /** The animation frame that is waited for; 0: none. */
  let waiting = 0;
  let hasHeard: () => void = () => undefined;
  /** There are cameras, or an alarm. */
  const heard = new Promise<void>((resolve) => {
    hasHeard = resolve;
  });
  const heardOrLate = (ms: number) => Promise.race([heard, new Promise<void>((resolve) => setTimeout(resolve, ms))]);
  /** Words, colours, sizes or fonts are others: what was drawn with the old ones goes. */
  const rebuild = () => {
    if (!screen) return;
    screen.build(realClock.now);
    draw();
    buildMore();
  };
  let building = 0;
  /** The parts that are not on the screen, one after another: a key finds them there, and is not kept waiting by them. */
  const buildMore = () => {
    clearTimeout(building);
    building = window.setTimeout(() => {
      if (screen?.buildNext()) buildMore();
    }, PART_EVERY_MS);
  };
  const draw = () => {
    cancelAnimationFrame(waiting);
    waiting = 0;
    const view = app.model.view();
    wallMark.show(view.page === 'wall' && !view.sheet && !view.activation, view.panel !== undefined);
    mirror.update(view, app.model.alarm(), app.link.status);
    picture.update(view.live, view.panel ? BESIDE_PANEL : FULL);
    screen?.draw(view);
    // Lightning's own loop has had its turn in this frame, and idle it comes 30 times a second: the key would be seen a frame or two later.
    screen?.stage.drawFrame();
    if (view.panel || view.wall.tiles.length > 0) hasHeard();
    voice.follow(view, look.look.voice === 'on');
  };
  const speaker = browserSpeaker();
  const voice = new VoiceOver(speaker);
  const look = new LookKeeper({
    link,
    storage: storage(),
    apply(next) {
      speak(next.language);
      dress(next.type, next.contrast);
      document.documentElement.lang = next.language === 'zh' ? 'zh-CN' : 'en';
      rebuild();
    },
  });
  const app = createApp({
    clock: realClock,
    random: Math.random,
    link,
    remote,
    memory,
    media: { openSession: wallMark.learnsFrom(openSession), loadStill, createPlayer },
    video: picture.video,
    look,
    seen: new SeenNotices(storage()),
    online: () => navigator.onLine !== false,
    plays: () => plays(picture.video),
    speaks: () => speaker.speaks,
    reads: () => speaker.reads,
    read: (text) => voice.read(text),
    hush: () => speaker.stop(),
    keys: window,
    onChange: () => {
      waiting = waiting || requestAnimationFrame(draw);
    },
    onKey: draw,
  });
  // The alarm key works before the fonts are there; the words come with them.
  app.start();
  loadFirstFont()
    .then(() => heardOrLate(HEARD_FIRST_MS))
    .then(() => {
      screen = new TvApp({
        debug: false,
        keys: {},
        stage: {
          canvas,
          w: options.w,
          h: options.h,
          precision: options.precision,
          canvas2d: options.canvas2d,
          useImageWorker: false,
          clearColor: 0x00000000,
          pauseRafLoopOnIdle: true,
          // Pixels of textures before unused ones are dropped: three screens.
          memoryPressure: 6.3e6,
        },
      });
      screen.build(realClock.now);
      draw();
      painted('first');
    })
    .then(paintWhole, paintWords);

  function paintWhole(): Promise<void> {
    return heardOrLate(WALL_FIRST_MS)
      .then(nextFrame)
      .then(loadWholeFonts)
      .then(() => {
        fullFontIsThere();
        rebuild();
        painted('whole');
      })
      .catch(() => {});
  }

  /** A box that cannot draw: the alarm key works all the same, and what the mirror says is the screen. */
  function paintWords(error: unknown): void {
    console.error(error);
    screen = undefined;
    draw();
    painted('words');
  }
  document.addEventListener('visibilitychange', () => app.model.setHidden(document.hidden));
  window.addEventListener('pagehide', () => app.close());
}

/** By Media Source Extensions, by WebRTC, or by the box's own player. */
function plays(video: HTMLVideoElement): boolean {
  const { MediaSource, WebKitMediaSource, RTCPeerConnection } = window as unknown as Record<string, unknown>;
  if (MediaSource || WebKitMediaSource || RTCPeerConnection) return true;
  return video.canPlayType?.('application/vnd.apple.mpegurl') !== '';
}

/** How much of the screen is there: its first font, all of it, or the words only (page.css). */
function painted(how: 'first' | 'whole' | 'words'): void {
  document.documentElement.setAttribute('data-painted', how);
}

/** What is to be drawn now has been. */
function nextFrame(): Promise<void> {
  return new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve, 0)));
}

function start(): void {
  const served = servedByCentre(document);
  const memory = new CentreMemory(storage(), served?.centre);
  if (!served) {
    run(memory, bridged(Math.random));
    return;
  }
  import('./in-page/in-page-voice.ts').then(
    ({ inPage }) => run(memory, inPage(memory, storage(), Math.random)),
    // Without its voice the page is nothing.
    () => setTimeout(start, RETRY_MS),
  );
}

start();
