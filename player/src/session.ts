/**
 * A viewer session at a media node: got once for a grant, renewed while somebody watches (the renewals date the end of the
 * view in the ledger), ended by `close`.
 */
import { CodedError, type ErrorCode, type Grant, mediaPaths, type SessionRequest, type ViewerSession } from '@shouwang/protocol';
import { errorOf } from './answers.ts';
import { browserHttp, type Http, type HttpAnswer, type HttpInit } from './http.ts';
import { backoffMs, browserTimers, inTime, type Timers } from './timers.ts';

export interface SessionOptions {
  http?: Http | undefined;
  timers?: Timers | undefined;
}

export interface SessionHandle {
  /** The bearer secret. Never in a URL or a log. */
  readonly session: string;
  /** Without a trailing slash. */
  readonly mediaUrl: string;
  readonly cameraId: string;
  /** Who watches, as the mark over the picture says it; undefined where the node did not tell. */
  readonly viewer: string | undefined;
  /**
   * Why the session is over: what the node said when it ended it (SESSION_INVALID, SESSION_EXPIRED, GRANT_REVOKED: get a new grant),
   * OFFLINE after `close`; undefined while it lives.
   */
  readonly ended: ErrorCode | undefined;
  /** Calls `listener` once when the node has ended the session; returns a function that takes the listener away. */
  onEnd(listener: (code: ErrorCode) => void): () => void;
  /** A request below `mediaUrl` with the bearer. A 401 ends the session. Rejects only if no answer came. */
  request(path: string, init?: HttpInit): Promise<HttpAnswer>;
  /** Tells this handle that the node answered 401 to a request made elsewhere. */
  invalidate(): void;
  /** Stops renewing and tells the node, also while the page unloads. Never rejects. */
  close(): Promise<void>;
}

/** A node that has not answered by then, ms, is as good as none. */
const ANSWER_MS = 10_000;

/**
 * Exchanges a grant for a session and keeps it renewed.
 * Rejects with a CodedError: GRANT_INVALID, GRANT_EXPIRED, GRANT_USED, CAMERA_UNKNOWN as the node says, TIMEOUT if it does not answer.
 */
export async function openSession(grant: Grant, options: SessionOptions = {}): Promise<SessionHandle> {
  const http = options.http ?? browserHttp();
  const timers = options.timers ?? browserTimers;
  const mediaUrl = grant.mediaUrl.replace(/\/+$/, '');
  const opened = exchange(grant, mediaUrl, http);
  const hold = (session: ViewerSession) => keep(session, mediaUrl, http, timers);
  try {
    return hold(await inTime(timers, ANSWER_MS, opened));
  } catch (cause) {
    // One that comes too late must not count as somebody watching.
    opened.then(
      (late) => hold(late).close(),
      () => undefined,
    );
    throw cause instanceof CodedError ? cause : new CodedError('TIMEOUT', 'the media node does not answer', { cause });
  }
}

async function exchange(grant: Grant, mediaUrl: string, http: Http): Promise<ViewerSession> {
  const answer = await http(mediaUrl + mediaPaths.sessions, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ grant: grant.token } satisfies SessionRequest),
  });
  if (!answer.ok) throw await errorOf(answer);
  return (await answer.json()) as ViewerSession;
}

function keep(opened: ViewerSession, mediaUrl: string, http: Http, timers: Timers): SessionHandle {
  let ended: ErrorCode | undefined;
  let listeners: Array<(code: ErrorCode) => void> = [];
  let failures = 0;
  let cancel: () => void;

  const end = (code: ErrorCode, tell: boolean) => {
    if (ended) return;
    ended = code;
    cancel();
    if (typeof window !== 'undefined') window.removeEventListener('online', renew);
    const told = listeners;
    listeners = [];
    if (tell) for (const listener of told) listener(code);
  };

  const request = async (path: string, init: HttpInit = {}): Promise<HttpAnswer> => {
    const answer = await http(mediaUrl + path, { ...init, headers: { ...init.headers, authorization: `Bearer ${opened.session}` } });
    if (answer.status !== 401) return answer;
    // Read once: whoever asked may want to read it too.
    const { code } = await errorOf(answer);
    end(code, true);
    return { ...answer, ok: false, status: 401, headers: answer.headers, json: () => Promise.resolve({ code }) };
  };

  const plan = (ms: number) => {
    cancel();
    if (!ended) cancel = timers.after(ms, renew);
  };

  // A renewal that gets no answer is tried again until the node itself says that the session is over: only it knows.
  function renew(): void {
    cancel();
    inTime(timers, ANSWER_MS, request(mediaPaths.renew, { method: 'POST' })).then(
      (answer) => {
        failures = answer.ok ? 0 : failures + 1;
        plan(answer.ok ? opened.renewEveryS * 1000 : backoffMs(failures, timers));
      },
      () => {
        failures++;
        plan(backoffMs(failures, timers));
      },
    );
  }

  cancel = timers.after(opened.renewEveryS * 1000, renew);
  if (typeof window !== 'undefined') window.addEventListener('online', renew);

  return {
    session: opened.session,
    mediaUrl,
    cameraId: opened.cameraId,
    viewer: opened.viewer,
    get ended() {
      return ended;
    },
    onEnd(listener) {
      listeners.push(listener);
      return () => {
        listeners = listeners.filter((l) => l !== listener);
      };
    },
    request,
    invalidate: () => end('SESSION_INVALID', true),
    async close() {
      if (ended) return;
      end('OFFLINE', false);
      try {
        await request(mediaPaths.currentSession, { method: 'DELETE', keepalive: true });
      } catch {
        // Nobody to tell: the session runs out by itself.
      }
    },
  };
}
