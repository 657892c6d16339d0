/** The desk without its page: feed → board → sound and title. React only reads from here. */
import type { CaseView, ConsoleCommand, Me } from '@shouwang/protocol';
import type { ApiClient } from './api-client.ts';
import { attentionCount, type Board, type BoardAction, emptyBoard, reduceBoard } from './board.ts';
import { type FeedSource, LiveFeed, type Timers } from './live-feed.ts';
import { neighbour, queueOf } from './queue-order.ts';
import { RoomSound } from './sound/room-sound.ts';
import type { RoomAudio } from './sound/web-audio.ts';
import { createStore, type Store } from './store.ts';
import { TitleFlasher, type TitleFlasherOptions } from './title-flasher.ts';

export interface DeskDeps {
  me: Me;
  api: ApiClient;
  audio: RoomAudio;
  now: () => number;
  timers: Timers;
  openSource: (url: string) => FeedSource;
  title: TitleFlasherOptions;
}

/** After so long without the centre the room hears it too, and again every minute. ms */
const LOST_TONE_MS = 10_000;
const LOST_AGAIN_MS = 60_000;

export class Desk {
  readonly me: Me;
  readonly api: ApiClient;
  readonly board: Store<Board, BoardAction>;
  readonly sound: RoomSound;
  readonly audio: RoomAudio;
  readonly #deps: DeskDeps;
  readonly #feed: LiveFeed;
  readonly #title: TitleFlasher;
  #lostTimer: unknown;

  constructor(deps: DeskDeps) {
    this.#deps = deps;
    this.me = deps.me;
    this.api = deps.api;
    this.audio = deps.audio;
    this.board = createStore(reduceBoard, emptyBoard);
    this.sound = new RoomSound(deps.audio, () => this.centreNow());
    this.#title = new TitleFlasher(deps.title);
    this.board.subscribe(() => this.#boardChanged());
    this.#feed = new LiveFeed({
      api: deps.api,
      openSource: deps.openSource,
      timers: deps.timers,
      now: deps.now,
      onSnapshot: (cases, seq) => this.board.dispatch({ type: 'snapshot', cases, seq }),
      onCases: (items) => {
        const seq = this.board.get().seq;
        this.board.dispatch({ type: 'live', items });
        this.sound.notice(items.filter((item) => item.event.data.seq > seq));
      },
      onCentre: (status) => this.board.dispatch({ type: 'centre', status, localNow: deps.now() }),
      onHouseholds: (marks) => this.board.dispatch({ type: 'households', marks }),
      onState: (feed) => {
        this.board.dispatch({ type: 'feed', feed });
        this.#watchLoss(feed.at === 'lost');
      },
    });
  }

  start(): void {
    this.#title.show(this.#baseTitle(), 0);
    this.#feed.start();
  }

  close(): void {
    this.#feed.close();
    this.#watchLoss(false);
    this.sound.close();
    this.#title.close();
  }

  /** The centre's clock, ms, as far as this machine can tell. */
  centreNow(): number {
    return this.#deps.now() + this.board.get().clockOffset;
  }

  select(caseNo: string): void {
    this.board.dispatch({ type: 'select', caseNo });
  }

  /** Chooses the case above or below. `visible`: the cases as they stand in the queue. */
  move(visible: readonly CaseView[], step: 1 | -1): void {
    const next = neighbour(visible, this.board.get().selected, step);
    if (next) this.select(next);
  }

  /** Chooses the call that has waited longest. False when none waits. */
  selectMostUrgent(): boolean {
    const queue = queueOf(this.board.get().cases.values());
    const first = queue.unsigned[0] ?? queue.alerted[0];
    if (first) this.select(first.caseNo);
    return first !== undefined;
  }

  /** Sends a command; the board changes by what the centre answers, never before. Throws CodedError. */
  async command(caseNo: string, command: ConsoleCommand): Promise<void> {
    const view = await this.api.command(caseNo, command);
    this.board.dispatch({ type: 'view', view });
  }

  /** A person says that a household lives where the register says. The mark goes when the centre has taken it. Throws CodedError. */
  async confirmAddress(boxId: string): Promise<void> {
    const box = await this.api.confirmAddress(boxId);
    this.board.dispatch({ type: 'households', marks: [{ boxId, addressInDoubtSince: box.addressInDoubtSince ?? null }] });
  }

  #boardChanged(): void {
    const board = this.board.get();
    this.sound.update([...board.cases.values()]);
    this.#title.show(this.#baseTitle(), attentionCount(board));
  }

  #baseTitle(): string {
    return `守望 · ${this.me.centreName}`;
  }

  #watchLoss(lost: boolean): void {
    if (!lost) {
      if (this.#lostTimer !== undefined) this.#deps.timers.clearTimeout(this.#lostTimer);
      this.#lostTimer = undefined;
      return;
    }
    const again = (ms: number) => {
      this.#lostTimer = this.#deps.timers.setTimeout(() => {
        if (this.audio.state() === 'running') void this.audio.play('lost');
        again(LOST_AGAIN_MS);
      }, ms);
    };
    if (this.#lostTimer === undefined) again(LOST_TONE_MS);
  }
}
