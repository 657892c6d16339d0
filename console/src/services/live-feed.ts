/**
 * Hop ⑥ as the console hears it: first the list with its `seq`, then the live feed after it. The browser's EventSource
 * reconnects by itself with Last-Event-ID (HTML, 9.2); what it gives up on (any answer but 200), and silence, are ours.
 */
import { apiPaths, type CaseView, type CentreStatus, type HouseholdMarked, type LiveCase } from '@shouwang/protocol';
import type { ApiClient } from './api-client.ts';

/** The part of `EventSource` that is used. */
export interface FeedSource {
  readyState: number;
  addEventListener(type: string, listener: (event: MessageEvent<string>) => void): void;
  close(): void;
}

/** Timers in ms, injected. */
export interface Timers {
  setTimeout(run: () => void, ms: number): unknown;
  clearTimeout(id: unknown): void;
}

export interface LiveFeedOptions {
  api: Pick<ApiClient, 'cases' | 'answerFeed'>;
  openSource: (url: string) => FeedSource;
  timers: Timers;
  now: () => number;
  onSnapshot: (cases: CaseView[], seq: number) => void;
  onCases: (items: LiveCase[]) => void;
  onCentre: (status: CentreStatus) => void;
  onHouseholds: (marks: HouseholdMarked[]) => void;
  onState: (state: { at: 'live' } | { at: 'lost'; since: number }) => void;
}

/** Announcements within this time are given on together, so that a storm redraws the page some 30 times a second and not 10,000. */
const BATCH_MS = 30;
/**
 * Nothing at all for so long, where the centre gives a sign of life every 4 s: ask it whether we have missed something (a
 * dead connection can look alive for minutes). What does not answer then within `ANSWER_MS` is lost.
 */
const SILENCE_MS = 10_000;
const ANSWER_MS = 1500;
const RETRY_MS = [1000, 2000, 3000, 5000];
const OPEN = 1;
const CLOSED = 2;

/** A sign of life is answered at most so often. ms */
const ANSWER_EVERY_MS = 3000;

type TimerName = 'retry' | 'batch' | 'silence' | 'answer';

export class LiveFeed {
  readonly #o: LiveFeedOptions;
  #source: FeedSource | undefined;
  #closed = false;
  #lostSince: number | undefined;
  /** The last sign of life, or the start; this machine's clock, ms. */
  #heardAt: number;
  #failures = 0;
  /** What the centre calls this feed, and when a sign of life on it was last answered. */
  #name: string | undefined;
  #answeredAt = Number.NEGATIVE_INFINITY;
  #seq = 0;
  #batch: LiveCase[] = [];
  /** For each list that is on its way, the marks that have come meanwhile: it may be older than they are. */
  readonly #meanwhile = new Set<HouseholdMarked[]>();
  #lists = 0;
  /** How often the feed said something. */
  #spoken = 0;
  #timers: Record<TimerName, unknown> = { retry: undefined, batch: undefined, silence: undefined, answer: undefined };

  constructor(options: LiveFeedOptions) {
    this.#o = options;
    this.#heardAt = options.now();
  }

  start(): void {
    void this.#load();
  }

  /** Ends it; nothing is called afterwards. */
  close(): void {
    this.#closed = true;
    this.#dropSource();
    for (const name of ['retry', 'batch', 'silence', 'answer'] as const) this.#stop(name);
  }

  async #load(): Promise<void> {
    this.#dropSource();
    try {
      const { cases, seq } = await this.#list();
      if (this.#closed) return;
      this.#flush();
      this.#seq = seq;
      this.#o.onSnapshot(cases, seq);
      this.#open();
    } catch {
      // NOT_LOGGED_IN has reached the log-in page through the client; it closes this feed.
      if (!this.#closed) this.#retryLater();
    }
  }

  #open(): void {
    this.#name = undefined;
    const source = this.#o.openSource(`${apiPaths.live}?after=${this.#seq}`);
    this.#source = source;
    const mine = (run: (event: MessageEvent<string>) => void) => (event: MessageEvent<string>) => {
      if (this.#source === source) run(event);
    };
    source.addEventListener(
      'open',
      mine(() => {
        this.#failures = 0;
        this.#lostSince = undefined;
        this.#o.onState({ at: 'live' });
        this.#heard();
        // Marks of households have no numbers: what changed before this moment is in the list only, as far as that goes. And the centre may
        // have come back with another database (restored from a backup), where numbers start lower.
        void this.#compare();
      }),
    );
    source.addEventListener(
      'error',
      mine(() => {
        this.#lost();
        if (source.readyState === CLOSED) this.#retryLater();
      }),
    );
    source.addEventListener(
      'case',
      mine((event) => this.#push(JSON.parse(event.data) as LiveCase)),
    );
    source.addEventListener(
      'feed',
      mine((event) => {
        this.#name = (JSON.parse(event.data) as { feed: string }).feed;
        this.#answeredAt = Number.NEGATIVE_INFINITY;
      }),
    );
    source.addEventListener(
      'household',
      mine((event) => {
        this.#speaks();
        const mark = JSON.parse(event.data) as HouseholdMarked;
        for (const marks of this.#meanwhile) marks.push(mark);
        this.#marked([mark]);
      }),
    );
    source.addEventListener(
      'centre',
      mine((event) => {
        this.#speaks();
        this.#answer();
        this.#o.onCentre(JSON.parse(event.data) as CentreStatus);
      }),
    );
    this.#heard();
  }

  /** The first announcement goes on at once (timers of a hidden page may be slow, an alarm may not), those right behind it together. */
  #push(item: LiveCase): void {
    this.#speaks();
    this.#seq = Math.max(this.#seq, item.event.data.seq);
    this.#batch.push(item);
    if (this.#timers.batch !== undefined) return;
    this.#flush();
    this.#start('batch', BATCH_MS, () => this.#flush());
  }

  #flush(): void {
    this.#stop('batch');
    if (this.#batch.length === 0) return;
    const items = this.#batch;
    this.#batch = [];
    this.#o.onCases(items);
  }

  /** Behind the cases that came before: their views are as old as they are. */
  #marked(marks: HouseholdMarked[]): void {
    this.#flush();
    this.#o.onHouseholds(marks);
  }

  /** The feed itself said something: had it been given up for silence, it is back. */
  #speaks(): void {
    this.#spoken++;
    if (this.#lostSince !== undefined) {
      this.#lostSince = undefined;
      this.#o.onState({ at: 'live' });
    }
    this.#heard();
  }

  /** Tells the centre that somebody still hears it: otherwise it could not know for many minutes that our network is gone. */
  #answer(): void {
    const now = this.#o.now();
    if (this.#name === undefined || now - this.#answeredAt < ANSWER_EVERY_MS) return;
    this.#answeredAt = now;
    this.#o.api.answerFeed(this.#name).catch(() => {
      // The next sign of life is answered again.
    });
  }

  #heard(): void {
    this.#heardAt = this.#o.now();
    this.#stop('answer');
    this.#watch();
  }

  #watch(): void {
    this.#start('silence', SILENCE_MS, () => void this.#suspect());
  }

  async #suspect(): Promise<void> {
    this.#start('answer', ANSWER_MS, () => this.#lost());
    await this.#compare();
  }

  /** `marks`: what the feed said meanwhile. `newest`: whether no other list was asked for since. */
  async #list(): Promise<{ cases: CaseView[]; seq: number; marks: HouseholdMarked[]; newest: () => boolean }> {
    const marks: HouseholdMarked[] = [];
    const number = ++this.#lists;
    this.#meanwhile.add(marks);
    try {
      return { ...(await this.#o.api.cases()), marks, newest: () => number === this.#lists };
    } finally {
      this.#meanwhile.delete(marks);
    }
  }

  /** The list tells the truth: unreachable, or not where the feed is, and the feed is opened anew. */
  async #compare(): Promise<void> {
    const source = this.#source;
    const before = this.#seq;
    const spoken = this.#spoken;
    if (!source) return;
    try {
      const { cases, seq, marks, newest } = await this.#list();
      if (this.#closed || this.#source !== source || !newest()) return;
      this.#stop('answer');
      this.#marked([...cases.map(markOf), ...marks]);
      const feedIsAhead = seq < this.#seq && this.#seq > before;
      const nothingMissed = seq === this.#seq || feedIsAhead;
      if (nothingMissed && (this.#lostSince === undefined || source.readyState !== OPEN)) return this.#heard();
      if (!nothingMissed) {
        this.#seq = seq;
        this.#o.onSnapshot(cases, seq);
        this.#marked(marks);
      }
      this.#dropSource();
      this.#open();
    } catch {
      if (this.#closed || this.#source !== source) return;
      // A feed that speaks is not given up for a list that does not come.
      if (this.#lostSince === undefined && this.#spoken > spoken) return this.#start('retry', RETRY_MS.at(-1)!, () => void this.#compare());
      this.#lost();
      this.#retryLater();
    }
  }

  #lost(): void {
    this.#lostSince ??= this.#heardAt;
    this.#o.onState({ at: 'lost', since: this.#lostSince });
    this.#watch();
  }

  #retryLater(): void {
    this.#dropSource();
    this.#lost();
    this.#stop('silence');
    this.#stop('answer');
    const wait = RETRY_MS[Math.min(this.#failures, RETRY_MS.length - 1)]!;
    this.#failures += 1;
    this.#start('retry', wait, () => void this.#load());
  }

  #dropSource(): void {
    this.#source?.close();
    this.#source = undefined;
  }

  #start(name: TimerName, ms: number, run: () => void): void {
    this.#stop(name);
    this.#timers[name] = this.#o.timers.setTimeout(() => {
      this.#timers[name] = undefined;
      run();
    }, ms);
  }

  #stop(name: TimerName): void {
    if (this.#timers[name] !== undefined) this.#o.timers.clearTimeout(this.#timers[name]);
    this.#timers[name] = undefined;
  }
}

function markOf({ household }: CaseView): HouseholdMarked {
  return { boxId: household.boxId, addressInDoubtSince: household.addressInDoubtSince ?? null };
}
