/** The player is loaded when the first picture is looked at, not with the page: an alarm needs no video code to ring. */
import type { CodedError } from '@shouwang/protocol';

export type PlayerModule = typeof import('@shouwang/player');
export type { Player, PlayerStatus, SessionHandle, Still } from '@shouwang/player';

let loading: Promise<PlayerModule> | undefined;

export function loadPlayer(): Promise<PlayerModule> {
  loading ??= import('@shouwang/player').catch((error: unknown) => {
    loading = undefined;
    throw error;
  });
  return loading;
}

/** Whether asking for a new session may help, or the answer will be the same. */
export function worthRetrying(error: unknown): boolean {
  const code = (error as CodedError | undefined)?.code;
  return (
    code !== 'NOT_ALLOWED' &&
    code !== 'CAMERA_UNKNOWN' &&
    code !== 'CASE_UNKNOWN' &&
    code !== 'CAMERA_NOT_GRANTED' &&
    code !== 'CODEC_UNSUPPORTED'
  );
}
