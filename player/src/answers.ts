/** Turns answers of a media node into coded errors. */
import { CodedError, ERRORS, type ErrorCode } from '@shouwang/protocol';
import type { HttpAnswer } from './http.ts';

/** The coded error that a refusing answer carries; where a proxy answered instead of the node, the nearest code for its status. */
export async function errorOf(answer: Pick<HttpAnswer, 'status' | 'json'>): Promise<CodedError> {
  let body: { code?: unknown } = {};
  try {
    body = (await answer.json()) as { code?: unknown };
  } catch {
    // Not the node's own answer: the status has to do.
  }
  return new CodedError(isCode(body?.code) ? body.code : codeOfStatus(answer.status));
}

/** Whether it is a code of the table. */
export function isCode(value: unknown): value is ErrorCode {
  // Old boxes know no Object.hasOwn.
  return Object.keys(ERRORS).indexOf(value as string) >= 0;
}

/** What a bare HTTP status means at a media node. */
function codeOfStatus(status: number): ErrorCode {
  if (status === 401) return 'SESSION_INVALID';
  if (status === 403) return 'CAMERA_NOT_GRANTED';
  if (status === 404) return 'NOT_FOUND';
  if (status === 415) return 'CODEC_UNSUPPORTED';
  if (status === 503) return 'CAMERA_OFFLINE';
  return 'INTERNAL';
}

/** Seconds after which the node says to come again, between 1 s and 10 min; undefined where it does not say. */
export function retryAfterS(answer: HttpAnswer): number | undefined {
  const seconds = Number(answer.headers.get('retry-after') ?? Number.NaN);
  return seconds > 0 ? Math.min(600, Math.max(1, seconds)) : undefined;
}

/** The node refuses WebRTC to one more viewer, or has none: HLS is the way, and WebRTC may be later. */
export function isNoRoom(code: ErrorCode): boolean {
  return code === 'WEBRTC_FULL' || code === 'WHEP_REFUSED';
}

/** Whatever was thrown, as a code: what is not coded is a network without an answer. */
export function codeOf(error: unknown): ErrorCode {
  return error instanceof CodedError ? error.code : 'TIMEOUT';
}
