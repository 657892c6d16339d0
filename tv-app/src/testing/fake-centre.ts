/** A centre at the other end of HTTP, for tests of a page that is its box's own voice. */
import { type AnyCloudEvent, type BoxState, boxPaths, makeEvent, type Progress } from '@shouwang/protocol';
import type { AskCentre, Asked } from '../in-page/centre-channel.ts';
import { newId } from '../in-page/new-id.ts';
import { LinkError } from '../services/json-rpc.ts';
import { T0 } from './states.ts';

export const ACCOUNT = { boxId: 'box-0001', secret: 'the-secret-of-box-0001' };
export const CODE = '04819926';

export class FakeCentre {
  /** Whether anybody answers. */
  up = true;
  /** Refuses every request with this code. */
  refusal: string | undefined;
  /** Holds what comes until it is set free. */
  holding = false;
  /** Messages of boxes, as they came. */
  readonly heard: { kind: string; event: AnyCloudEvent }[] = [];
  readonly statuses: unknown[] = [];
  /** What it says are the box's last alarms, and how often it was asked. */
  reports: Progress['data'][] = [];
  listed = 0;
  private readonly news: AnyCloudEvent[] = [];
  private known = false;
  private wake: (() => void) | undefined;
  private free: (() => void)[] = [];

  ask: AskCentre = async (asked) => {
    if (!this.up) throw new LinkError('OFFLINE');
    if (asked.path === boxPaths.activate) return this.activates(asked);
    if (this.refusal) throw new LinkError(this.refusal);
    if (asked.account?.secret !== ACCOUNT.secret) throw new LinkError('BAD_CREDENTIALS');
    if (asked.path === boxPaths.status) {
      this.statuses.push(asked.body);
      return { status: 204, body: undefined };
    }
    if (asked.path === boxPaths.reports) {
      this.listed++;
      return { status: 200, body: { reports: this.reports } };
    }
    if (asked.method === 'GET') return { status: 200, body: await this.polled(asked) };
    return this.takes(asked, asked.path.slice(boxPaths.up('').length));
  };

  /** Says something to the box. */
  says(type: string, data: unknown): void {
    this.news.push(makeEvent(type, 'centre', newId(0), 0, data));
    this.wake?.();
  }

  /** Knows nothing of the boxes that poll any more, as a centre that was started anew; the waiting poll is answered. */
  forgets(): void {
    this.known = false;
    this.wake?.();
  }

  /** Ends the waiting poll as a centre that dies does. */
  dies(): void {
    this.up = false;
    this.wake?.();
  }

  /** What was held goes on. */
  setsFree(): void {
    this.holding = false;
    for (const go of this.free.splice(0)) go();
  }

  of(kind: string): AnyCloudEvent[] {
    return this.heard.filter((h) => h.kind === kind).map((h) => h.event);
  }

  private async polled(asked: Asked): Promise<BoxState> {
    const anew = !this.known || /after=$/.test(asked.path);
    this.known = true;
    if (!anew && this.news.length === 0)
      await new Promise<void>((resolve) => {
        this.wake = resolve;
      });
    if (!this.up) throw new LinkError('OFFLINE');
    return { cursor: 'c', anew, messages: anew ? [] : this.news.splice(0), againInMs: 0 };
  }

  private async takes(asked: Asked, kind: string) {
    asked.onSent?.();
    if (this.holding) await new Promise<void>((resolve) => this.free.push(resolve));
    if (!this.up) throw new LinkError('OFFLINE');
    const event = asked.body as AnyCloudEvent;
    this.heard.push({ kind, event });
    if (kind === 'sync') {
      this.says('cn.shouwang.centre.notice.v1', { name: '平安镇综治中心', phone: '0859-555-0110', staffed: true });
      return { status: 202, body: {} };
    }
    if (kind === 'view') return answered('cn.shouwang.box.cameras.v1', { requestId: event.id, boxId: ACCOUNT.boxId, cameras: [] });
    const alarmId = (event.data as { alarmId?: string }).alarmId ?? event.id;
    return answered('cn.shouwang.box.received.v1', {
      messageId: event.id,
      alarmId,
      ...(kind === 'test' ? {} : { caseNo: '20261123-0007' }),
      receivedAt: T0,
    });
  }

  private async activates(asked: Asked) {
    if (this.refusal) throw new LinkError(this.refusal);
    if ((asked.body as { code: string }).code !== CODE) throw new LinkError('ACTIVATION_INVALID');
    return { status: 200, body: ACCOUNT };
  }
}

function answered(type: string, data: unknown) {
  return { status: 200, body: makeEvent(type, 'centre', newId(0), 0, data) };
}
