/** Turns answers of a media node into coded errors. */
import { CodedError, ERRORS, type ErrorCode } from '@shouwang/protocol';
import type { HttpAnswer } from './http.ts';

/** The coded error that a refusing answer carries; where a proxy answered instead of the node, the nearest code for its status. */
export async function errorOf(answer: HttpAnswer): Promise<CodedError> {
  let body: { code?: unknown } = {};
  try {
    body = (await answer.json()) as { code?: unknown };
  } catch {
    // Not the node's own answer: the status has to do.
  }
  return new CodedError(isCode(body?.code) ? body.code : codeOfStatus(answer.status));
}

function isCode(value: unknown): value is ErrorCode {
  return typeof value === 'string' && Object.hasOwn(ERRORS, value);
}

/** What a bare HTTP status means at a media node. */
export function codeOfStatus(status: number): ErrorCode {
  if (status === 401) return 'SESSION_INVALID';
  if (status === 403) return 'CAMERA_NOT_GRANTED';
  if (status === 404) return 'NOT_FOUND';
  if (status === 415) return 'CODEC_UNSUPPORTED';
  if (status === 503) return 'CAMERA_OFFLINE';
  return 'INTERNAL';
}

/** Whatever was thrown, as a code: what is not coded is a network without an answer. */
export function codeOf(error: unknown): ErrorCode {
  return error instanceof CodedError ? error.code : 'TIMEOUT';
}
