import { mediaPaths, PICTURE_TIME_HEADER } from '@shouwang/protocol';
import { errorOf } from './answers.ts';
import type { SessionHandle } from './session.ts';

export interface Still {
  /** For `img.src` or a texture; `URL.revokeObjectURL` it (or call `release`) when it is off the screen. */
  blobUrl: string;
  /** When the picture was taken, ms since 1970; undefined where the node did not say. */
  pictureAt: number | undefined;
  release(): void;
}

/**
 * The camera's newest still picture. Rejects with a CodedError as the node says (CAMERA_OFFLINE, CAMERA_NOT_GRANTED,
 * SESSION_INVALID, which also ends the session), or the network's own error if it does not answer.
 */
export async function loadStill(session: SessionHandle): Promise<Still> {
  const answer = await session.request(mediaPaths.still(session.cameraId));
  if (!answer.ok) throw await errorOf(answer);
  const blobUrl = URL.createObjectURL(await answer.blob());
  const time = Number(answer.headers.get(PICTURE_TIME_HEADER));
  return { blobUrl, pictureAt: time > 0 ? time : undefined, release: () => URL.revokeObjectURL(blobUrl) };
}
