import { TextTokenizer } from '@lightningjs/core';
import { createPlayer, loadStill, openSession } from '@shouwang/player';
import { createApp } from './app.ts';
import { realClock } from './clock.ts';
import { loadFonts } from './fonts.ts';
import { stageOptions } from './options.ts';
import { BESIDE_PANEL, FULL } from './pages/live-page.ts';
import { TvApp } from './pages/tv-app.ts';
import { CentreMemory } from './services/centre-memory.ts';
import { tokenizer } from './ui/line-breaks.ts';
import { Mirror } from './ui/mirror.ts';
import { PictureLayer } from './ui/picture-layer.ts';
import { bridged, inPage, servedByCentre } from './voice.ts';

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

function run(): void {
  const served = servedByCentre(document);
  const picture = new PictureLayer(byId('picture'));
  const mirror = new Mirror(byId('mirror'));
  const canvas = byId<HTMLCanvasElement>('stage');
  const options = stageOptions(location.search, { w: window.innerWidth, h: window.innerHeight, ratio: window.devicePixelRatio || 1 });
  TextTokenizer.setCustomTokenizer(tokenizer);

  let screen: TvApp | undefined;
  let waiting = false;
  const draw = () => {
    waiting = false;
    const view = app.model.view();
    mirror.update(view, app.model.alarm(), app.link.status);
    picture.update(view.live, view.panel ? BESIDE_PANEL : FULL);
    screen?.draw(view);
  };
  const random = Math.random;
  const memory = new CentreMemory(storage(), served?.centre);
  const { link, remote } = served ? inPage(memory, storage(), random) : bridged(random);
  const app = createApp({
    clock: realClock,
    random,
    link,
    remote,
    memory,
    media: { openSession, loadStill, createPlayer },
    video: picture.video,
    keys: window,
    onChange: () => {
      if (!waiting) requestAnimationFrame(draw);
      waiting = true;
    },
  });
  // The alarm key works before the fonts are there; the words come with them.
  app.start();
  loadFonts().then(() => {
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
  });
  document.addEventListener('visibilitychange', () => app.model.setHidden(document.hidden));
  window.addEventListener('pagehide', () => app.close());
}

run();
