/** A bridge at the other end of a fake socket, for tests of the link and of what uses it. */
import type { TvRequest, TvState } from '@shouwang/protocol';
import type { Socket } from '../services/bridge-link.ts';

export class FakeSocket implements Socket {
  onopen: (() => void) | null = null;
  onmessage: ((event: { data: unknown }) => void) | null = null;
  onclose: (() => void) | null = null;
  closed = false;
  readonly requests: TvRequest[] = [];
  onRequest: ((request: TvRequest) => void) | undefined;

  send(text: string): void {
    const request = JSON.parse(text) as TvRequest;
    this.requests.push(request);
    this.onRequest?.(request);
  }
  close(): void {
    this.closed = true;
  }
  answer(id: number, result: unknown): void {
    this.onmessage?.({ data: JSON.stringify({ jsonrpc: '2.0', id, result }) });
  }
  refuse(id: number, code: string): void {
    const error = { code: -32000, message: code, data: { code, message: code, retry: false } };
    this.onmessage?.({ data: JSON.stringify({ jsonrpc: '2.0', id, error }) });
  }
  push(state: TvState): void {
    this.onmessage?.({ data: JSON.stringify({ jsonrpc: '2.0', method: 'state', params: state }) });
  }
}

/** Answers each call by what `results` says for its method (a function gets the params); null where it says nothing. */
export class FakeBridge {
  readonly sockets: FakeSocket[] = [];
  readonly calls: { method: string; params: unknown }[] = [];
  results: Record<string, unknown> = {};
  state: TvState;
  up = true;

  constructor(state: TvState) {
    this.state = state;
  }

  fetchToken = (): Promise<string> => (this.up ? Promise.resolve('token') : Promise.reject(new Error('down')));

  openSocket = (): FakeSocket => {
    const socket = new FakeSocket();
    this.sockets.push(socket);
    socket.onRequest = (request) => {
      if (request.method !== 'hello') this.calls.push({ method: request.method, params: request.params });
      Promise.resolve().then(() => this.answer(socket, request));
    };
    Promise.resolve().then(() => socket.onopen?.());
    return socket;
  };

  /** Ends the link as a bridge that dies does. */
  dies(): void {
    this.up = false;
    this.sockets[this.sockets.length - 1]?.onclose?.();
  }

  pushes(state: TvState): void {
    this.state = state;
    this.sockets[this.sockets.length - 1]?.push(state);
  }

  called(method: string): unknown[] {
    return this.calls.filter((c) => c.method === method).map((c) => c.params);
  }

  private answer(socket: FakeSocket, request: TvRequest): void {
    const result = request.method === 'hello' ? this.state : this.results[request.method];
    const value = typeof result === 'function' ? (result as (p: unknown) => unknown)(request.params) : (result ?? null);
    if (value instanceof Error) socket.refuse(request.id, value.message);
    else if (value !== NEVER) socket.answer(request.id, value);
  }
}

/** A result that never comes. */
export const NEVER = Symbol('never');
