import { useEffect, useRef } from 'react';
import { actionOf, type DeskAction, isTyping } from '../services/keyboard.ts';

/** Keys of the desk, for as long as nobody writes and no window is open (`blocked`); only `/` still closes the help. */
export function useDeskKeys(act: (action: DeskAction) => void, blocked: boolean): void {
  const latest = useRef({ act, blocked });
  latest.current = { act, blocked };
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.defaultPrevented || isTyping(event.target)) return;
      const action = actionOf(event);
      if (!action || (latest.current.blocked && action.do !== 'help')) return;
      event.preventDefault();
      latest.current.act(action);
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, []);
}
