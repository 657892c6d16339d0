/** A villager with a remote, without a screen: speaks the TV link just as the page does. */
import type { TvAlarm, TvCallName, TvState } from '@shouwang/protocol';
import { WebSocket } from 'ws';
import { until } from './until.ts';

interface Pending {
  method: TvCallName;
  resolve: (value: unknown) => void;
  reject: (error: Error) => void;
}

export class Villager {
  readonly #tvUrl: string;
  #socket: WebSocket | undefined;
  #next = 1;
  readonly #pending = new Map<number, Pending>();
  /** Every state that the bridge pushed, oldest first: what the TV may have shown. */
  readonly seen: TvState[] = [];

  /** `tvUrl`: where the bridge serves the page, e.g. `http://127.0.0.1:8820/tv`. */
  constructor(tvUrl: string) {
    this.#tvUrl = tvUrl;
  }

  get state(): TvState | undefined {
    return this.seen.at(-1);
  }

  /** Whether the bridge is there. */
  get linked(): boolean {
    return this.#socket?.readyState === WebSocket.OPEN;
  }

  get alarm(): TvAlarm | undefined {
    return this.state?.alarm;
  }

  /** Opens the link as the page does: token first, then the socket. */
  async turnsOnTheTv(): Promise<void> {
    const base = new URL(this.#tvUrl);
    const { token } = (await (await fetch(new URL('/tv/token', base))).json()) as { token: string };
    const socket = new WebSocket(`ws://${base.host}/tv-link?token=${encodeURIComponent(token)}`, { origin: base.origin });
    await new Promise((resolve, reject) => {
      socket.once('open', resolve);
      socket.once('error', reject);
    });
    socket.on('message', (data) => this.#hear(JSON.parse(String(data))));
    socket.on('close', () => {
      for (const { reject } of this.#pending.values()) reject(new Error('the TV link closed'));
      this.#pending.clear();
    });
    this.#socket = socket;
    await this.call('hello', { version: 1 });
  }

  call(method: TvCallName, params: unknown): Promise<unknown> {
    const id = this.#next++;
    if (!this.linked) return Promise.reject(new Error('the TV link is closed'));
    return new Promise((resolve, reject) => {
      this.#pending.set(id, { method, resolve, reject });
      this.#socket?.send(JSON.stringify({ jsonrpc: '2.0', id, method, params }));
    });
  }

  #hear(message: {
    id?: number;
    method?: string;
    params?: unknown;
    result?: unknown;
    error?: { message: string; data?: { code: string } };
  }): void {
    if (message.method === 'state') this.seen.push(message.params as TvState);
    else if (message.id !== undefined) {
      const waiting = this.#pending.get(message.id);
      this.#pending.delete(message.id);
      // Taken here, in the order of the line: a state that comes in the same packet as the answer is the newer one.
      if (waiting?.method === 'hello' && message.result) this.seen.push(message.result as TvState);
      if (message.error) waiting?.reject(new Error(message.error.data?.code ?? message.error.message));
      else waiting?.resolve(message.result);
    }
  }

  /** Presses a dedicated alarm key: an alarm at once. Gives the alarm as first shown. */
  async pressesSos(): Promise<TvAlarm> {
    const before = this.alarm?.id;
    await this.call('key', { key: 'sos', action: 'down' });
    await this.call('key', { key: 'sos', action: 'up' });
    return until('an alarm on the TV', () => (this.alarm && this.alarm.id !== before ? this.alarm : undefined));
  }

  /** Holds the red key until the bridge has taken it as an alarm. */
  async holdsAlarmKey(): Promise<TvAlarm> {
    const before = this.alarm?.id;
    await this.call('key', { key: 'alarm', action: 'down' });
    const alarm = await until('an alarm on the TV', () => (this.alarm && this.alarm.id !== before ? this.alarm : undefined));
    await this.call('key', { key: 'alarm', action: 'up' });
    return alarm;
  }

  /** Presses the silent key four times. There is nothing to wait for: nothing is shown. */
  async pressesSilently(): Promise<void> {
    for (let i = 0; i < 4; i++) {
      await this.call('key', { key: 'silent', action: 'down' });
      await this.call('key', { key: 'silent', action: 'up' });
    }
  }

  /** Waits until the TV knows of `what`. */
  seesAlarm(what: string, test: (alarm: TvAlarm) => unknown, timeoutMs = 30_000): Promise<TvAlarm> {
    return until(`the TV shows: ${what}`, () => (this.alarm && test(this.alarm) ? this.alarm : undefined), timeoutMs);
  }

  turnsOffTheTv(): void {
    this.#socket?.terminate();
    this.#socket = undefined;
  }
}
