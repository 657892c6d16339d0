import type { NoticeBoard, NoticeView, NoticeWanted } from '@shouwang/protocol';
import { useCallback, useEffect, useRef, useState } from 'react';
import { errorText } from '../../services/api-client.ts';
import { useDesk } from '../desk-context.ts';

/** What the page shows is read again so often: another desk may send one, and some come to their end. ms */
const AGAIN_MS = 15_000;

export interface Notices {
  board: NoticeBoard | undefined;
  error: string | undefined;
  /** The notice as the centre has it. Rejects with the centre's refusal. */
  send: (notice: NoticeWanted) => Promise<NoticeView>;
  withdraw: (id: string) => Promise<void>;
}

/** The township's notices as the centre has them. */
export function useNotices(): Notices {
  const { api } = useDesk();
  const [board, setBoard] = useState<NoticeBoard>();
  const [error, setError] = useState<string>();
  /** Answers to an earlier question are late. */
  const asked = useRef(0);

  const reload = useCallback(async () => {
    const mine = ++asked.current;
    try {
      const read = await api.notices();
      if (mine !== asked.current) return;
      setBoard(read);
      setError(undefined);
    } catch (cause) {
      if (mine === asked.current) setError(errorText(cause));
    }
  }, [api]);

  useEffect(() => {
    void reload();
    const timer = setInterval(() => void reload(), AGAIN_MS);
    return () => {
      asked.current++;
      clearInterval(timer);
    };
  }, [reload]);

  return {
    board,
    error,
    send: async (notice) => {
      const view = await api.sendNotice(notice);
      await reload();
      return view;
    },
    withdraw: (id) => api.withdrawNotice(id).then(reload),
  };
}
