import type { FleetBox, FleetOverview, WorkOrder } from '@shouwang/protocol';
import { useCallback, useEffect, useRef, useState } from 'react';
import { errorText } from '../../services/api-client.ts';
import { useDesk } from '../desk-context.ts';

/** What the page shows is read again so often. ms */
const AGAIN_MS = 15_000;

export interface FleetState {
  overview: FleetOverview | undefined;
  boxes: FleetBox[];
  /** There are more than were read. */
  moreBoxes: boolean;
  orders: WorkOrder[];
  moreOrders: boolean;
  error: string | undefined;
  reload: () => void;
}

type Read = Omit<FleetState, 'error' | 'reload'> & { village: string };

/** The fleet of a village, or (empty) of everywhere; old until the new has come. */
export function useFleet(village: string): FleetState {
  const desk = useDesk();
  const [read, setRead] = useState<Read>();
  const [error, setError] = useState<string>();
  /** Answers to an earlier question are late. */
  const asked = useRef(0);

  const reload = useCallback(() => {
    const mine = ++asked.current;
    Promise.all([desk.api.fleet(), desk.api.boxesNotWell(village), desk.api.workOrders(village)]).then(
      ([overview, boxes, orders]) => {
        if (mine !== asked.current) return;
        setError(undefined);
        setRead({
          village,
          overview,
          boxes: boxes.boxes,
          moreBoxes: boxes.next !== undefined,
          orders: orders.orders,
          moreOrders: orders.next !== undefined,
        });
      },
      (e) => mine === asked.current && setError(errorText(e)),
    );
  }, [desk, village]);

  useEffect(() => {
    reload();
    const id = setInterval(reload, AGAIN_MS);
    return () => {
      asked.current++;
      clearInterval(id);
    };
  }, [reload]);

  const lists = read?.village === village ? read : undefined;
  return {
    overview: read?.overview,
    boxes: lists?.boxes ?? [],
    moreBoxes: lists?.moreBoxes ?? false,
    orders: lists?.orders ?? [],
    moreOrders: lists?.moreOrders ?? false,
    error,
    reload,
  };
}
