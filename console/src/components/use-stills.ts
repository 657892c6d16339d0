import { useEffect, useState } from 'react';
import { errorText } from '../services/api-client.ts';
import { loadPlayer, type Still } from '../services/media/player-module.ts';
import type { Views } from './use-case-views.ts';

export interface StillState {
  still?: Still | undefined;
  /** Why there is no newer picture. */
  error?: string | undefined;
}

/** Between two rounds of still pictures, ms. */
const ROUND_MS = 10_000;

/** Still pictures of some cameras, one after the other so that they do not hinder the live picture, renewed while looked at. */
export function useStills(views: Views | undefined, cameraIds: readonly string[]): Record<string, StillState> {
  const [stills, setStills] = useState<Record<string, StillState>>({});
  const key = cameraIds.join(' ');

  useEffect(() => {
    if (!views || key === '') return;
    let left = false;
    let timer: ReturnType<typeof setTimeout>;
    const held = new Map<string, Still>();
    const show = (id: string, state: StillState) => setStills((all) => ({ ...all, [id]: state }));

    const round = async () => {
      const { loadStill } = await loadPlayer();
      for (const id of key.split(' ')) {
        if (left) return;
        try {
          const still = await loadStill(await views.session(id));
          if (left) return still.release();
          held.get(id)?.release();
          held.set(id, still);
          show(id, { still });
        } catch (error) {
          if (!left) show(id, { still: held.get(id), error: errorText(error) });
        }
      }
    };
    const rounds = async () => {
      if (!document.hidden) await round().catch(() => undefined);
      if (!left) timer = setTimeout(rounds, ROUND_MS);
    };
    void rounds();
    return () => {
      left = true;
      clearTimeout(timer);
      for (const still of held.values()) still.release();
      setStills({});
    };
  }, [views, key]);

  return stills;
}
