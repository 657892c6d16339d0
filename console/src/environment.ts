/** What the console needs from the browser, in one place, so that tests can stand in for each. */
import type { FeedSource, Timers } from './services/live-feed.ts';
import { type RoomAudio, WebAudio } from './services/sound/web-audio.ts';
import type { TitleFlasherOptions } from './services/title-flasher.ts';

export interface Environment {
  fetch: typeof fetch;
  openSource: (url: string) => FeedSource;
  audio: RoomAudio;
  now: () => number;
  timers: Timers;
  title: TitleFlasherOptions;
}

export function browserEnvironment(): Environment {
  return {
    fetch: (...args) => fetch(...args),
    openSource: (url) => new EventSource(url) as FeedSource,
    audio: new WebAudio(),
    now: () => Date.now(),
    timers: { setTimeout: (run, ms) => setTimeout(run, ms), clearTimeout: (id) => clearTimeout(id as number) },
    title: {
      setTitle: (title) => {
        document.title = title;
      },
      every: (ms, run) => {
        const id = setInterval(run, ms);
        return () => clearInterval(id);
      },
    },
  };
}
