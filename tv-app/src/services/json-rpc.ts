/** Calls over a message channel: matches answers to questions (JSON-RPC 2.0 §4, §5). Knows nothing of sockets. */
import type { ErrorBody, TvNotification, TvRequest, TvResponse } from '@shouwang/protocol';
import type { Cancel, Clock } from '../clock.ts';

/** A call that failed. `code` is from the error table; OFFLINE when the link went away, TIMEOUT when nobody answered. */
export class LinkError extends Error {
  readonly code: string;
  constructor(code: string, detail?: string) {
    super(detail ? `${code}: ${detail}` : code);
    this.name = 'LinkError';
    this.code = code;
  }
}

interface Waiting {
  resolve: (result: unknown) => void;
  reject: (error: LinkError) => void;
  cancelTimer: Cancel;
}

export class RpcClient {
  private readonly send: (text: string) => void;
  private readonly clock: Clock;
  private readonly onNotification: (message: TvNotification) => void;
  private readonly waiting = new Map<number, Waiting>();
  private lastId = 0;

  constructor(deps: { send: (text: string) => void; clock: Clock; onNotification: (message: TvNotification) => void }) {
    this.send = deps.send;
    this.clock = deps.clock;
    this.onNotification = deps.onNotification;
  }

  /** Resolves with the result. Rejects with LinkError: the answer's code, TIMEOUT, or OFFLINE (see `fail`). */
  call(method: TvRequest['method'], params: unknown, timeoutMs: number): Promise<unknown> {
    const id = ++this.lastId;
    return new Promise((resolve, reject) => {
      const cancelTimer = this.clock.after(timeoutMs, () => {
        this.waiting.delete(id);
        reject(new LinkError('TIMEOUT', method));
      });
      this.waiting.set(id, { resolve, reject, cancelTimer });
      this.send(JSON.stringify({ jsonrpc: '2.0', id, method, params } satisfies TvRequest));
    });
  }

  /** Takes one incoming text. What is not JSON-RPC is ignored: the other side is the box itself. */
  receive(text: string): void {
    let message: TvResponse | TvNotification;
    try {
      message = JSON.parse(text);
    } catch {
      return;
    }
    if ('method' in message) {
      this.onNotification(message);
      return;
    }
    if (typeof message.id !== 'number') return;
    const waiting = this.waiting.get(message.id);
    if (!waiting) return;
    this.waiting.delete(message.id);
    waiting.cancelTimer();
    if ('error' in message) {
      const body: ErrorBody | undefined = message.error.data;
      waiting.reject(new LinkError(body?.code ?? 'INTERNAL', message.error.message));
    } else waiting.resolve(message.result);
  }

  /** The channel is gone: everything that waits fails with OFFLINE. */
  fail(): void {
    const all = Array.from(this.waiting.values());
    this.waiting.clear();
    for (const w of all) {
      w.cancelTimer();
      w.reject(new LinkError('OFFLINE'));
    }
  }
}
