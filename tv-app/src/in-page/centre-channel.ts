/** Requests to the centre that served this page. XMLHttpRequest, because old boxes have no fetch. */
import { LinkError } from '../services/json-rpc.ts';

export interface Account {
  boxId: string;
  secret: string;
}

export interface Asked {
  method: 'GET' | 'POST';
  path: string;
  account?: Account | undefined;
  body?: unknown;
  timeoutMs: number;
  /** The request's body has gone out whole. */
  onSent?: (() => void) | undefined;
}

export interface Answer {
  status: number;
  body: unknown;
}

/** Resolves with any 2xx. Rejects with LinkError: the centre's code, OFFLINE when nobody answered, TIMEOUT. */
export type AskCentre = (asked: Asked) => Promise<Answer>;

export const askCentre: AskCentre = (asked) =>
  new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open(asked.method, asked.path);
    request.timeout = asked.timeoutMs;
    // Old browsers know no `timeout`: a line that hangs would hold every later message back.
    const guard = setTimeout(() => {
      reject(new LinkError('TIMEOUT', asked.path));
      request.abort();
    }, asked.timeoutMs + 1_000);
    request.onloadend = () => clearTimeout(guard);
    if (asked.account) request.setRequestHeader('authorization', `Basic ${btoa(`box:${asked.account.boxId}:${asked.account.secret}`)}`);
    if (asked.body !== undefined) request.setRequestHeader('content-type', 'application/json');
    if (asked.onSent && request.upload) request.upload.onload = asked.onSent;
    request.onload = () => {
      const body = parsed(request.responseText);
      if (request.status >= 200 && request.status < 300) resolve({ status: request.status, body });
      else reject(new LinkError(codeIn(body) ?? 'OFFLINE', `HTTP ${request.status}`));
    };
    request.onerror = () => reject(new LinkError('OFFLINE', 'no answer'));
    request.ontimeout = () => reject(new LinkError('TIMEOUT', asked.path));
    request.send(asked.body === undefined ? null : JSON.stringify(asked.body));
  });

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** An answer that is not the centre's (a proxy's, a portal's) has no code. */
function codeIn(body: unknown): string | undefined {
  const code = (body as { code?: unknown } | undefined)?.code;
  return typeof code === 'string' ? code : undefined;
}
