import { useEffect, useRef } from 'react';
import { actionOf, type DeskAction, isTyping } from '../services/keyboard.ts';

/** Keys of the desk, for as long as nobody writes and no window (`blocked`) or question is open; only `/` still closes the help. */
export function useDeskKeys(act: (action: DeskAction) => void, blocked: boolean): void {
  const latest = useRef({ act, blocked });
  latest.current = { act, blocked };
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.defaultPrevented || isTyping(event.target) || isAsked()) return;
      const action = actionOf(event);
      if (!action || (latest.current.blocked && action.do !== 'help')) return;
      event.preventDefault();
      latest.current.act(action);
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, []);
}

/** A question of `modal.confirm` is open: a key must not sign the case behind it. antd takes it out of the document once it is answered. */
export function isAsked(): boolean {
  return document.querySelector('.ant-modal-confirm') !== null;
}
