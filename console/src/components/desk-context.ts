import { createContext, useContext, useEffect, useState, useSyncExternalStore } from 'react';
import type { Board } from '../services/board.ts';
import type { Desk } from '../services/desk.ts';
import type { SoundStatus } from '../services/sound/room-sound.ts';

export const DeskContext = createContext<Desk | undefined>(undefined);
/** The centre's time in ms, moving once a second for the whole page. */
export const NowContext = createContext(0);

export function useDesk(): Desk {
  const desk = useContext(DeskContext);
  if (!desk) throw new Error('outside of the desk');
  return desk;
}

export function useNow(): number {
  return useContext(NowContext);
}

export function useBoard(desk: Desk): Board {
  return useSyncExternalStore(desk.board.subscribe, desk.board.get);
}

export function useSound(desk: Desk): SoundStatus {
  return useSyncExternalStore(desk.sound.status.subscribe, desk.sound.status.get);
}

/** Ticks a little after each full second of the centre, so that counters move by one and the clock is right. */
export function useTicking(desk: Desk): number {
  const [now, setNow] = useState(() => desk.centreNow());
  useEffect(() => {
    let id: ReturnType<typeof setTimeout>;
    const tick = () => {
      const at = desk.centreNow();
      setNow(at);
      id = setTimeout(tick, 1000 - (at % 1000) + 5);
    };
    tick();
    return () => clearTimeout(id);
  }, [desk]);
  return now;
}
