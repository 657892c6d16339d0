/** Somebody at a console, for tests: HTTP with a cookie, and the live feed. */
import { apiPaths, type CentreStatus, type LiveCase } from '@shouwang/protocol';
import { until } from './until.ts';

export class TestOperator {
  readonly base: string;
  cookie = '';
  readonly heard: { id: number; live: LiveCase }[] = [];
  readonly centre: CentreStatus[] = [];
  /** The name of the feed, once it has said it. */
  feed = '';
  #abort: AbortController | undefined;
  #reading: Promise<void> = Promise.resolve();

  constructor(base: string) {
    this.base = base;
  }

  async asks(method: string, path: string, body?: unknown, headers: Record<string, string> = {}): Promise<Response> {
    return fetch(this.base + path, {
      method,
      headers: { cookie: this.cookie, ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
      body: body === undefined ? null : typeof body === 'string' ? body : JSON.stringify(body),
      redirect: 'manual',
    });
  }

  /** The parsed answer; throws its code when it is an error. */
  // biome-ignore lint/suspicious/noExplicitAny: answers of every type
  async json(method: string, path: string, body?: unknown): Promise<any> {
    const answer = await this.asks(method, path, body);
    const text = await answer.text();
    const value = text ? JSON.parse(text) : undefined;
    if (!answer.ok) throw new Error(value.code);
    return value;
  }

  async logsIn(user: string, password: string): Promise<void> {
    const answer = await this.asks('POST', apiPaths.login, { user, password });
    if (!answer.ok) throw new Error(((await answer.json()) as { code: string }).code);
    this.cookie = answer.headers.getSetCookie()[0]!.split(';')[0]!;
  }

  /** Opens the live feed and waits until the centre has said hello on it. */
  async listens(after?: number): Promise<void> {
    this.#abort = new AbortController();
    const before = this.centre.length;
    const answer = await fetch(this.base + apiPaths.live, {
      headers: { cookie: this.cookie, ...(after === undefined ? {} : { 'last-event-id': String(after) }) },
      signal: this.#abort.signal,
    });
    if (!answer.ok || !answer.body) throw new Error(`live feed: ${answer.status}`);
    this.#reading = this.#read(answer.body).catch(() => undefined);
    await until('the feed says how the centre is', () => this.centre.length > before);
  }

  async stopsListening(): Promise<void> {
    this.#abort?.abort();
    await this.#reading;
  }

  /** Waits for a live event. */
  hears(event: string, test: (live: LiveCase) => boolean = () => true): Promise<LiveCase> {
    return until(`the live feed says ${event}`, () => this.heard.find((h) => h.live.event.data.event === event && test(h.live))?.live);
  }

  async leaves(): Promise<void> {
    await this.stopsListening();
  }

  async #read(body: ReadableStream<Uint8Array>): Promise<void> {
    const decoder = new TextDecoder();
    let text = '';
    for await (const chunk of body) {
      text += decoder.decode(chunk, { stream: true });
      for (let end = text.indexOf('\n\n'); end >= 0; end = text.indexOf('\n\n')) {
        this.#hear(text.slice(0, end));
        text = text.slice(end + 2);
      }
    }
  }

  #hear(block: string): void {
    const field = (name: string) =>
      block
        .split('\n')
        .find((l) => l.startsWith(`${name}: `))
        ?.slice(name.length + 2);
    const data = field('data');
    if (field('event') === 'case') this.heard.push({ id: Number(field('id')), live: JSON.parse(data!) as LiveCase });
    if (field('event') === 'feed') this.feed = (JSON.parse(data!) as { feed: string }).feed;
    if (field('event') === 'centre') this.centre.push(JSON.parse(data!) as CentreStatus);
  }
}
