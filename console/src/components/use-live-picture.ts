import { type RefObject, useEffect, useRef, useState } from 'react';
import { errorText } from '../services/api-client.ts';
import { loadPlayer, type Player, type PlayerStatus, worthRetrying } from '../services/media/player-module.ts';
import type { Views } from './use-case-views.ts';

export interface LivePicture {
  status: PlayerStatus;
  error: string | undefined;
  /** ms since 1970 of the picture on screen, where it is known. */
  pictureTime: () => number | undefined;
  retry: () => void;
}

const CONNECTING: PlayerStatus = { state: 'connecting', transport: undefined };
/** After the player has given up (its session ended, the node went away) a new grant is asked for. ms */
const AGAIN_MS = 4000;

/** Plays one camera of the case in `video`, with new sessions as long as they help. */
export function useLivePicture(
  video: RefObject<HTMLVideoElement | null>,
  views: Views | undefined,
  cameraId: string | undefined,
): LivePicture {
  const [status, setStatus] = useState(CONNECTING);
  const [error, setError] = useState<string>();
  const [attempt, setAttempt] = useState(0);
  const player = useRef<Player>(undefined);

  // biome-ignore lint/correctness/useExhaustiveDependencies: a new attempt is a reason to begin anew
  useEffect(() => {
    if (!views || !cameraId || !video.current) return;
    const element = video.current;
    let left = false;
    let timer: ReturnType<typeof setTimeout>;
    const again = () => {
      if (!left) timer = setTimeout(() => setAttempt((n) => n + 1), AGAIN_MS);
    };
    const begin = async () => {
      const { createPlayer } = await loadPlayer();
      const session = await views.session(cameraId);
      if (left) return;
      player.current = createPlayer({
        video: element,
        session,
        onState: (next) => {
          setStatus(next);
          if (next.state === 'playing') setError(undefined);
          if (next.state === 'failed' && worthRetrying(next)) again();
        },
      });
    };
    begin().catch((cause: unknown) => {
      if (left) return;
      setStatus({ state: 'failed', transport: undefined });
      setError(errorText(cause));
      if (worthRetrying(cause)) again();
    });
    return () => {
      left = true;
      clearTimeout(timer);
      player.current?.close();
      player.current = undefined;
      setStatus(CONNECTING);
    };
  }, [video, views, cameraId, attempt]);

  return { status, error, pictureTime: () => player.current?.pictureTime(), retry: () => setAttempt((n) => n + 1) };
}
