/** The township's notices on this box: kept as the centre said them last, shown until they are over, and which of them were read. */
import type { NoticesTold, TvNotice } from '@shouwang/protocol';
import type { Clock, Timer } from '../clock.ts';
import type { KnownTime } from '../known-time.ts';
import type { NoticeFile, NoticeMemory } from './file.ts';

export interface Notices {
  load(): Promise<void>;
  /** `down/notices`: from now on these stand, and no others. */
  take(told: NoticesTold['data']): void;
  /** Those that stand now, the newest first. */
  tv(): TvNotice[];
  /** Somebody opened one; one that is not there (any more) is nothing. */
  read(id: string): void;
  /** It is another time than was thought: others stand, or for longer. */
  timeChanged(): void;
  stop(): void;
  idle(): Promise<void>;
}

/** The wall clock may jump: looked at so often at least. */
const LOOK_AGAIN_MS = 3_600_000;

export function createNotices(deps: {
  file: NoticeFile;
  boxId: string;
  clock: Clock;
  time: Pick<KnownTime, 'now'>;
  onChange(): void;
}): Notices {
  const { file, boxId, clock, time } = deps;
  let memory: NoticeMemory = { notices: [], read: [] };
  let timer: Timer | undefined;

  /** A box that does not know the time ends none by itself: the centre says when one is over. */
  const stands = ({ until }: { until: number }): boolean => {
    const now = time.now();
    return now === undefined || now < until;
  };

  function waitForNext(): void {
    timer?.cancel();
    timer = undefined;
    if (memory.notices.length === 0) return;
    const now = time.now();
    const left = now === undefined ? [] : memory.notices.filter(stands).map((n) => n.until - now);
    timer = clock.after(Math.min(LOOK_AGAIN_MS, ...left), () => {
      waitForNext();
      deps.onChange();
    });
  }

  return {
    async load() {
      memory = await file.load();
      waitForNext();
    },
    take({ boxId: to, notices }) {
      if (to !== boxId) return;
      const newestFirst = [...notices].sort((a, b) => b.at - a.at);
      // It comes again after every connect: flash is spared, and the page.
      if (JSON.stringify(newestFirst) === JSON.stringify(memory.notices)) return;
      memory = { notices: newestFirst, read: memory.read.filter((id) => notices.some((n) => n.id === id)) };
      file.save(memory);
      waitForNext();
      deps.onChange();
    },
    tv: () =>
      memory.notices.filter(stands).map(({ id, at, from, title, text }) => ({
        id,
        at,
        from,
        title,
        text,
        ...(memory.read.includes(id) ? { read: true as const } : {}),
      })),
    read(id) {
      if (memory.read.includes(id) || !memory.notices.some((n) => n.id === id)) return;
      memory = { ...memory, read: [...memory.read, id] };
      file.save(memory);
      deps.onChange();
    },
    timeChanged() {
      waitForNext();
      deps.onChange();
    },
    stop() {
      timer?.cancel();
      timer = undefined;
    },
    idle: () => file.idle(),
  };
}
