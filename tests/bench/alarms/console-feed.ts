/** A console that only notes when each new case came over the live feed (SSE). */
import { apiPaths } from '@shouwang/protocol';
import { textAfter } from './swarm.ts';

export class ConsoleFeed {
  /** ms by `performance.now()` at which the case of an alarm was heard. */
  readonly heardAt = new Map<string, number>();
  readonly #abort = new AbortController();
  #done: Promise<void> = Promise.resolve();

  static async opens(httpUrl: string, user: string, password: string): Promise<ConsoleFeed> {
    const login = await fetch(`${httpUrl}${apiPaths.login}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', origin: httpUrl },
      body: JSON.stringify({ user, password }),
    });
    if (!login.ok) throw new Error(`log-in: ${login.status} ${await login.text()}`);
    const cookie = (login.headers.get('set-cookie') ?? '').split(';')[0]!;
    const feed = new ConsoleFeed();
    const answer = await fetch(`${httpUrl}${apiPaths.live}`, {
      headers: { cookie, accept: 'text/event-stream' },
      signal: feed.#abort.signal,
    });
    if (!answer.ok || !answer.body) throw new Error(`live feed: ${answer.status}`);
    feed.#done = feed.#read(answer.body).catch(() => undefined);
    return feed;
  }

  async closes(): Promise<void> {
    this.#abort.abort();
    await this.#done;
  }

  async #read(body: ReadableStream<Uint8Array>): Promise<void> {
    const decoder = new TextDecoder();
    let rest = '';
    for await (const chunk of body) {
      const now = performance.now();
      const blocks = (rest + decoder.decode(chunk, { stream: true })).split('\n\n');
      rest = blocks.pop() ?? '';
      for (const block of blocks) if (block.includes('"event":"opened"')) this.heardAt.set(textAfter(block, '"alarmId":"'), now);
    }
  }
}
