/** A TV page for tests: gets its token, speaks the link, remembers every state. */
import type { TvCallName, TvResponse, TvState } from '@shouwang/protocol';
import { WebSocket } from 'ws';

/** `hello` is the first call of a page. */
const HELLO_ID = 1;

export class TvPage {
  readonly states: TvState[] = [];
  socket!: WebSocket;
  #next = HELLO_ID;
  readonly #waiting = new Map<number, (response: TvResponse) => void>();

  /** Opens the page of the bridge at `tvUrl` and says hello. */
  static async opens(tvUrl: string): Promise<TvPage> {
    const page = new TvPage();
    const { token } = (await (await fetch(new URL('/tv/token', tvUrl))).json()) as { token: string };
    const { host, origin } = new URL(tvUrl);
    page.socket = new WebSocket(`ws://${host}/tv-link?token=${token}`, { origin });
    page.socket.on('message', (data) => page.#hear(JSON.parse(String(data))));
    await new Promise((resolve, reject) => page.socket.once('open', resolve).once('error', reject));
    await page.call('hello', { version: 1 });
    return page;
  }

  get state(): TvState {
    return this.states.at(-1)!;
  }

  #hear(message: TvResponse & { method?: string; params?: TvState }): void {
    if (message.method === 'state') this.states.push(message.params!);
    // Taken here, in the order of the line: a state that comes in the same packet as the answer is the newer one.
    if (message.id === HELLO_ID && 'result' in message) this.states.push(message.result as TvState);
    if (message.id !== undefined) this.#waiting.get(message.id as number)?.(message);
  }

  /** The raw response. */
  respond(method: string, params: unknown): Promise<TvResponse> {
    const id = this.#next++;
    return new Promise((resolve) => {
      this.#waiting.set(id, resolve);
      this.socket.send(JSON.stringify({ jsonrpc: '2.0', id, method, params }));
    });
  }

  /** The result; throws the coded error's code. */
  async call(method: TvCallName, params: unknown): Promise<unknown> {
    const response = await this.respond(method, params);
    if ('error' in response) throw new Error(response.error.data?.code ?? response.error.message);
    return response.result;
  }

  close(): void {
    this.socket.terminate();
  }
}
