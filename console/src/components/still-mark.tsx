import { useEffect, useRef } from 'react';
import { loadPlayer } from '../services/media/player-module.ts';
import { useDesk } from './desk-context.ts';

/** The viewer's mark over a still picture, as over a live one. It fills the positioned element that it stands in. */
export function StillMark() {
  const { user } = useDesk().me;
  const place = useRef<HTMLSpanElement>(null);
  useEffect(() => {
    let left = false;
    let takeAway: () => void = () => undefined;
    void loadPlayer().then(
      ({ drawMark }) => {
        if (!left && place.current) takeAway = drawMark(place.current, user);
      },
      // Without the player there is no still either.
      () => undefined,
    );
    return () => {
      left = true;
      takeAway();
    };
  }, [user]);
  return <span ref={place} className="still-mark" aria-hidden />;
}
