/** A box that can run no daemon, for tests: its page's requests. */
import { type BoxActivated, type BoxState, boxPaths } from '@shouwang/protocol';

export class PageBox {
  readonly base: string;
  boxId = '';
  secret = '';
  cursor = '';
  /** Everything that was said to it. */
  // biome-ignore lint/suspicious/noExplicitAny: messages of every type
  readonly heard: any[] = [];

  constructor(base: string, credentials: Partial<BoxActivated> = {}) {
    this.base = base;
    Object.assign(this, credentials);
  }

  asks(method: string, path: string, body?: unknown): Promise<Response> {
    const credentials = Buffer.from(`box:${this.boxId}:${this.secret}`).toString('base64');
    return fetch(this.base + path, {
      method,
      headers: { authorization: `Basic ${credentials}`, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
      body: body === undefined ? null : typeof body === 'string' ? body : JSON.stringify(body),
      redirect: 'manual',
    });
  }

  /** Status and parsed body of POST `up/KIND`. */
  // biome-ignore lint/suspicious/noExplicitAny: answers of every type
  async says(kind: string, message: unknown): Promise<{ status: number; answer: any }> {
    const answer = await this.asks('POST', boxPaths.up(kind), message);
    return { status: answer.status, answer: await answer.json() };
  }

  async polls(): Promise<BoxState> {
    const answer = await this.asks('GET', `${boxPaths.state}?after=${encodeURIComponent(this.cursor)}`);
    if (!answer.ok) throw new Error(((await answer.json()) as { code: string }).code);
    const state = (await answer.json()) as BoxState;
    this.cursor = state.cursor;
    this.heard.push(...state.messages);
    return state;
  }

  async activates(code: string): Promise<number> {
    const answer = await fetch(this.base + boxPaths.activate, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ code, reported: { middleware: 'ipanel', card: '8531002345678901' } }),
    });
    if (answer.ok) Object.assign(this, (await answer.json()) as BoxActivated);
    return answer.status;
  }
}
