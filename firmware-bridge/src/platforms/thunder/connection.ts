/** One WebSocket to Thunder, the RDK's service framework: JSON-RPC 2.0 at `/jsonrpc`, subprotocol `jsonrpc`, token in the query. */
import { readFileSync } from 'node:fs';
import { CodedError } from '@shouwang/protocol';
import { WebSocket } from 'ws';
import type { Clock } from '../../clock.ts';

/** How long Thunder may take to open, and to answer a call. */
export const ANSWER_MS = 5000;
/** Larger than any answer that is asked for. */
const MAX_PAYLOAD = 1024 * 1024;

export interface ThunderConnection {
  /** The result. Rejects with OFFLINE, TIMEOUT, or what the plugin said; which of its numbers means what differs from build to build. */
  call(method: string, params?: unknown): Promise<unknown>;
  close(): void;
}

export interface ConnectDeps {
  url: string;
  /** A file with the token; empty: none is sent. Read at each connection: tokens are renewed. */
  tokenFile: string;
  clock: Clock;
  /** A notification: `method` is `<id of the registration>.<event>`. */
  onEvent(method: string, params: unknown): void;
  /** The connection is over; called once, and only after it was open. */
  onClose(): void;
}

interface Answer {
  id?: unknown;
  method?: unknown;
  params?: unknown;
  result?: unknown;
  error?: { code?: unknown; message?: unknown };
}

/** Resolves once it is open. Rejects with OFFLINE or TIMEOUT. */
export async function connectThunder(deps: ConnectDeps): Promise<ThunderConnection> {
  const { clock } = deps;
  const socket = new WebSocket(address(deps), 'jsonrpc', { maxPayload: MAX_PAYLOAD, perMessageDeflate: false });
  const pending = new Map<number, { resolve(result: unknown): void; reject(error: Error): void }>();
  let nextId = 1;

  socket.on('message', (data, isBinary) => {
    const answer = isBinary ? undefined : parsed(String(data));
    if (!answer) return;
    if (typeof answer.method === 'string' && answer.id === undefined) return deps.onEvent(answer.method, answer.params);
    // An answer that comes after its time-out finds nobody.
    const waiting = typeof answer.id === 'number' ? pending.get(answer.id) : undefined;
    if (answer.error !== undefined) waiting?.reject(new Error(`${answer.error?.code}: ${answer.error?.message}`));
    else waiting?.resolve(answer.result);
  });

  await new Promise<void>((resolve, reject) => {
    const timer = clock.after(ANSWER_MS, () => {
      reject(new CodedError('TIMEOUT', 'Thunder does not open'));
      socket.terminate();
    });
    socket.once('open', () => {
      timer.cancel();
      resolve();
    });
    // Errors after the opening end in `close`, too.
    socket.on('error', (error) => {
      timer.cancel();
      reject(new CodedError('OFFLINE', `Thunder: ${error.message}`));
    });
  });
  const over = () => {
    for (const { reject } of [...pending.values()]) reject(new CodedError('OFFLINE', 'the connection to Thunder closed'));
    deps.onClose();
  };
  if (socket.readyState === WebSocket.OPEN) socket.once('close', over);
  else throw new CodedError('OFFLINE', 'the connection to Thunder closed');

  return {
    call(method, params) {
      const id = nextId++;
      return new Promise((resolve, reject) => {
        const timer = clock.after(ANSWER_MS, () => finish(() => reject(new CodedError('TIMEOUT', method))));
        const finish = (how: () => void) => {
          pending.delete(id);
          timer.cancel();
          how();
        };
        pending.set(id, { resolve: (result) => finish(() => resolve(result)), reject: (error) => finish(() => reject(error)) });
        if (socket.readyState !== WebSocket.OPEN) finish(() => reject(new CodedError('OFFLINE', method)));
        // "2.0" is a string, whatever the documentation's examples show.
        else socket.send(JSON.stringify({ jsonrpc: '2.0', id, method, ...(params === undefined ? {} : { params }) }));
      });
    },
    close: () => socket.terminate(),
  };
}

function address({ url, tokenFile }: ConnectDeps): string {
  if (tokenFile === '') return url;
  let token: string;
  try {
    token = readFileSync(tokenFile, 'utf8').trim();
  } catch (error) {
    throw new CodedError('OFFLINE', `thunder.tokenFile: ${(error as Error).message}`);
  }
  return `${url}?token=${encodeURIComponent(token)}`;
}

function parsed(text: string): Answer | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Answer) : undefined;
  } catch {
    return undefined;
  }
}
