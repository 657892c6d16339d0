/**
 * ⑥ The live feed: every case event to every console, in order, by Server-Sent Events. An event's text is built once,
 * not once a console. A console that comes back tells its last number and gets what it missed from the database.
 */
import type { CaseView, CentreStatus, HouseholdMarked } from '@shouwang/protocol';
import type { Case } from '../cases/case.ts';
import type { Clock } from '../clock.ts';
import type { Log } from '../log.ts';
import type { Store } from '../store/store.ts';
import type { Announced } from '../store/tx.ts';
import { FeedClient, type FeedSocket } from './feed-client.ts';

export interface LiveFeedOptions {
  store: Store;
  clock: Clock;
  log: Log;
  commentMs: number;
  /** A client with more than this waiting gets no more as it comes, but from the database at its own pace. */
  maxBufferBytes: number;
  view(c: Case): CaseView;
  status(): CentreStatus;
}

const PAGE = 200;
/** `centre` is said at most this often. */
const STATUS_EVERY_MS = 1000;

export class LiveFeed {
  readonly #o: LiveFeedOptions;
  readonly #clients = new Set<FeedClient>();
  /** The last number given to live clients. */
  #head = 0;
  #cancelComment: (() => void) | undefined;
  #cancelStatus: (() => void) | undefined;
  #statusWaits = false;

  constructor(options: LiveFeedOptions) {
    this.#o = options;
  }

  /** `head`: the last number that was committed before the start. */
  start(head: number): void {
    this.#head = head;
    this.#comment();
  }

  get size(): number {
    return this.#clients.size;
  }

  /** Gives committed events, which come in order, to everybody who is up to date. */
  push(rows: Announced[]): void {
    for (const row of rows) {
      this.#head = row.seq;
      if (row.kind !== 'case' || !row.case || this.#clients.size === 0) continue;
      const text = caseText(row.seq, row.payload, this.#o.view(row.case));
      for (const client of this.#clients) if (client.live) this.#write(client, text, row.seq);
    }
  }

  /**
   * Serves one console until it goes. With `after`, first everything since. `onEnd` is called once.
   * The feed says the centre's state first.
   */
  async serve(socket: FeedSocket, after: number | undefined, onEnd: () => void): Promise<void> {
    const client = new FeedClient(socket, this.#o.clock);
    this.#clients.add(client);
    socket.onClose(() => {
      this.#clients.delete(client);
      onEnd();
    });
    client.write(`retry: 1000\n\n${this.#statusText()}`);
    if (after === undefined) client.live = true;
    else await this.#catchUp(client, after);
  }

  /** The centre's state changed: says so to all, at most once a second. */
  statusChanged(): void {
    if (this.#cancelStatus) {
      this.#statusWaits = true;
      return;
    }
    const text = this.#statusText();
    for (const client of this.#clients) if (client.live) client.write(text);
    this.#cancelStatus = this.#o.clock.after(STATUS_EVERY_MS, () => {
      this.#cancelStatus = undefined;
      if (!this.#statusWaits) return;
      this.#statusWaits = false;
      this.statusChanged();
    });
  }

  /** A household's mark came or went: said to everybody, to those who catch up in the end, for it may be of a case that they are past. */
  householdMarked(mark: HouseholdMarked): void {
    const text = `event: household\ndata: ${JSON.stringify(mark)}\n\n`;
    for (const client of this.#clients) {
      if (client.live) this.#write(client, text, this.#head);
      else client.marks.set(mark.boxId, text);
    }
  }

  close(): void {
    this.#cancelComment?.();
    this.#cancelStatus?.();
    for (const client of this.#clients) client.cut();
    this.#clients.clear();
  }

  async #catchUp(client: FeedClient, after: number): Promise<void> {
    try {
      await this.#pages(client, after);
      client.live = true;
      for (const text of client.marks.values()) client.write(text);
      client.marks.clear();
      // What changed meanwhile was said to live clients only.
      client.write(this.#statusText());
    } catch (error) {
      this.#o.log.warn({ err: error }, 'live feed could not catch up');
      client.cut();
    }
  }

  /** Pages from the database until nothing is missing; in the same turn of the loop the client goes live. */
  async #pages(client: FeedClient, after: number): Promise<void> {
    for (let from = after; !client.closed; ) {
      // Also where no event is missing: what it is behind with may be marks.
      await client.drained();
      const head = this.#head;
      const rows = await this.#o.store.run('readFeed', { after: from, limit: PAGE });
      for (const row of rows) {
        await client.drainAndWrite(caseText(row.seq, row.payload, this.#o.view(row.case)));
        from = row.seq;
      }
      if (rows.length === PAGE) continue;
      // A short page has everything up to what was committed when it was read, and so everything up to `head`.
      from = Math.max(from, head);
      if (this.#head <= from) return;
    }
  }

  /** One event to a client that is up to date; too slow a one goes back to catching up, so that memory stays bounded. */
  #write(client: FeedClient, text: string, seq: number): void {
    client.write(text);
    if (client.buffered <= this.#o.maxBufferBytes) return;
    this.#o.log.info({ bytes: client.buffered }, 'console reads slowly: goes on from the database');
    client.live = false;
    void this.#catchUp(client, seq);
  }

  #comment(): void {
    this.#cancelComment = this.#o.clock.after(this.#o.commentMs, () => {
      // An event, not a comment: a browser's EventSource shows no comments to the page, which has to notice a silence.
      const text = this.#statusText();
      for (const client of this.#clients) if (client.live) client.write(text);
      this.#comment();
    });
  }

  #statusText(): string {
    return `event: centre\ndata: ${JSON.stringify(this.#o.status())}\n\n`;
  }
}

/** One event as text; `payload` is JSON already. */
function caseText(seq: number, payload: string, view: CaseView): string {
  return `id: ${seq}\nevent: case\ndata: {"event":${payload},"view":${JSON.stringify(view)}}\n\n`;
}
