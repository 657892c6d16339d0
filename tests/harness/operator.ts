/** An operator of the centre, over the same HTTP as the console uses. */
import {
  apiPaths,
  type CaseClips,
  type CaseDetail,
  type CaseView,
  type CentreStatus,
  type ClipPurpose,
  type ConsoleCommand,
  evidencePaths,
  type Grant,
  type LedgerRow,
  type LiveCase,
  type Unmask,
} from '@shouwang/protocol';
import { until } from './until.ts';

export class Operator {
  readonly #base: string;
  #cookie = '';
  #feed: AbortController | undefined;
  #feedDone: Promise<void> = Promise.resolve();
  /** Every case event heard on the live feed, in order of arrival. */
  readonly heard: { id: number; live: LiveCase }[] = [];
  readonly centre: CentreStatus[] = [];

  constructor(httpUrl: string) {
    this.#base = httpUrl;
  }

  async #send(method: string, path: string, body?: unknown): Promise<Response> {
    return fetch(this.#base + path, {
      method,
      headers: {
        cookie: this.#cookie,
        origin: this.#base,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      body: body === undefined ? null : JSON.stringify(body),
    });
  }

  async #json<T>(method: string, path: string, body?: unknown): Promise<T> {
    const answer = await this.#send(method, path, body);
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${answer.status} ${(JSON.parse(text) as { code?: string }).code ?? text}`);
    return JSON.parse(text) as T;
  }

  async logsIn(user: string, password: string): Promise<void> {
    const answer = await this.#send('POST', apiPaths.login, { user, password });
    if (!answer.ok) throw new Error(`${answer.status} ${await answer.text()}`);
    this.#cookie = (answer.headers.getSetCookie()[0] ?? '').split(';')[0] ?? '';
  }

  /** Opens the live feed (which is what "somebody is at the desk" means). Resumes after `after`, or after the last event heard. */
  async listens(after: number | undefined = this.heard.at(-1)?.id): Promise<void> {
    const abort = new AbortController();
    const answer = await fetch(`${this.#base}${apiPaths.live}`, {
      headers: { cookie: this.#cookie, accept: 'text/event-stream', ...(after === undefined ? {} : { 'last-event-id': String(after) }) },
      signal: abort.signal,
    });
    if (!answer.ok || !answer.body) throw new Error(`live feed: ${answer.status}`);
    this.#feed = abort;
    this.#feedDone = this.#read(answer.body).catch(() => undefined);
  }

  async #read(body: ReadableStream<Uint8Array>): Promise<void> {
    const decoder = new TextDecoder();
    let buffer = '';
    for await (const chunk of body) {
      buffer += decoder.decode(chunk, { stream: true });
      for (let end = buffer.indexOf('\n\n'); end >= 0; end = buffer.indexOf('\n\n')) {
        this.#hear(buffer.slice(0, end));
        buffer = buffer.slice(end + 2);
      }
    }
  }

  #hear(block: string): void {
    const fields = new Map(block.split('\n').map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 1).trim()]));
    const data = fields.get('data');
    if (!data) return;
    if (fields.get('event') === 'case') this.heard.push({ id: Number(fields.get('id')), live: JSON.parse(data) as LiveCase });
    if (fields.get('event') === 'centre') this.centre.push(JSON.parse(data) as CentreStatus);
  }

  async stopsListening(): Promise<void> {
    this.#feed?.abort();
    this.#feed = undefined;
    await this.#feedDone;
  }

  /** Resolves once the feed's connection has ended by itself. */
  feedEnds(): Promise<void> {
    return this.#feedDone;
  }

  cases(): Promise<{ cases: CaseView[]; seq: number }> {
    return this.#json('GET', apiPaths.cases);
  }

  case(caseNo: string): Promise<CaseDetail> {
    return this.#json('GET', apiPaths.case(caseNo));
  }

  command(caseNo: string, command: ConsoleCommand): Promise<CaseView> {
    return this.#json('POST', apiPaths.commands(caseNo), command);
  }

  grant(cameraId: string, caseNo?: string): Promise<Grant> {
    return this.#json('POST', apiPaths.grants, { cameraId, why: caseNo ? { caseNo } : { reason: 'round' } });
  }

  async ledger(after = 0): Promise<LedgerRow[]> {
    return (await this.#json<{ rows: LedgerRow[] }>('GET', `${apiPaths.ledger}?after=${after}&limit=1000`)).rows;
  }

  clips(caseNo: string): Promise<CaseClips> {
    return this.#json('GET', evidencePaths.clips(caseNo));
  }

  /** With `unmask`: without the camera's masks. */
  opensClip(caseNo: string, clipId: string, what: ClipPurpose, unmask?: Unmask): Promise<Grant> {
    return this.#json('POST', evidencePaths.openClip(caseNo, clipId), { what, ...(unmask ? { unmask } : {}) });
  }

  unmasks(cameraId: string, unmask: Unmask, caseNo?: string): Promise<Grant> {
    return this.#json('POST', apiPaths.unmaskedGrants, { cameraId, unmask, ...(caseNo ? { caseNo } : {}) });
  }

  get<T>(path: string): Promise<T> {
    return this.#json<T>('GET', path);
  }

  /** Waits for the case of an alarm to be on the board. */
  findsCase(alarmId: string, test: (view: CaseView) => unknown = () => true, timeoutMs = 30_000): Promise<CaseView> {
    return until(
      `a case for alarm ${alarmId}`,
      async () => (await this.cases()).cases.find((c) => c.alarmId === alarmId && test(c)),
      timeoutMs,
      100,
    );
  }

  /** Waits for any case on the board that fits. */
  findsCaseWhere(what: string, test: (view: CaseView) => unknown, timeoutMs = 30_000): Promise<CaseView> {
    return until(what, async () => (await this.cases()).cases.find(test), timeoutMs, 100);
  }

  /** Waits for a live event about an alarm. */
  hears(event: string, alarmId: string, timeoutMs = 30_000): Promise<LiveCase> {
    return until(
      `the live feed says ${event}`,
      () => this.heard.find((h) => h.live.event.data.event === event && h.live.event.data.alarmId === alarmId)?.live,
      timeoutMs,
    );
  }
}
