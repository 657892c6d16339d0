/** ③ What goes between this page and the centre under one account: messages out, news in, questions. Another account is another line. */
import { type AnyCloudEvent, type BoxReports, type BoxStatus, boxPaths, makeEvent } from '@shouwang/protocol';
import type { Clock } from '../clock.ts';
import { LinkError } from '../services/json-rpc.ts';
import type { Account, AskCentre } from './centre-channel.ts';
import { VERSION } from './heartbeat.ts';
import { News } from './news.ts';
import { ReportList } from './report-list.ts';
import { Sender, type SenderDeps } from './sender.ts';

export interface CentreLineDeps extends Pick<SenderDeps, 'next' | 'onSent' | 'onReach'> {
  ask: AskCentre;
  account: Account;
  clock: Clock;
  random(): number;
  newId(now: number): string;
  /** Alarms whose state is wanted after a break. */
  openIds(): string[];
  /** An answer to what was sent, or news. */
  onMessage(event: AnyCloudEvent): void;
  onList(list: BoxReports): void;
}

const ANSWER_MS = 15_000;

export class CentreLine {
  private readonly deps: CentreLineDeps;
  private readonly sender: Sender;
  private readonly news: News;
  private readonly list: ReportList;

  constructor(deps: CentreLineDeps) {
    this.deps = deps;
    this.sender = new Sender({ ...deps, onAnswer: deps.onMessage });
    this.list = new ReportList(deps);
    this.news = new News({
      ...deps,
      onAnew: () => this.list.wanted(),
      sync: () => this.message('cn.shouwang.box.sync.v1', { open: deps.openIds(), version: VERSION }),
    });
  }

  open(): void {
    this.news.start();
    this.wake();
  }

  close(): void {
    for (const part of [this.news, this.sender, this.list]) part.close();
  }

  /** Something new is to go out. */
  wake(): void {
    this.sender.wake();
  }

  /** The centre can be reached again: nothing waits any longer. */
  hurry(): void {
    this.sender.wake();
    this.news.hurry();
  }

  /** How this box is. What gets lost is replaced by the next. */
  tell(status: BoxStatus): void {
    this.post(boxPaths.status, status).catch(() => {});
  }

  /** Cameras or grants; `type`: of the answer. Rejects with LinkError. */
  async view(asked: object, type: string): Promise<unknown> {
    const answer = await this.post(boxPaths.up('view'), this.message('cn.shouwang.box.view.v1', asked));
    const event = answer.body as AnyCloudEvent;
    if (event.type !== type) throw new LinkError('TIMEOUT', 'view');
    return event.data;
  }

  private post(path: string, body: unknown) {
    const { ask, account } = this.deps;
    return ask({ method: 'POST', path, account, body, timeoutMs: ANSWER_MS });
  }

  private message(type: string, data: unknown): AnyCloudEvent {
    const { account, clock, newId } = this.deps;
    const now = clock.now();
    return makeEvent(type, `box/${account.boxId}`, newId(now), now, data);
  }
}
