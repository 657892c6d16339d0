/** Who sits at the desk. A page is always entered by the sound check: browsers mute pages that nobody touched. */
import type { Me } from '@shouwang/protocol';

export type Session =
  /** Not known yet whether anybody is logged in; `unreachable`: the centre does not answer, and is asked again. */
  | { at: 'starting'; unreachable: boolean }
  /** `why`: what the log-in page says first. */
  | { at: 'login'; why?: 'expired' | 'logged-out' | undefined }
  | { at: 'sound-check'; me: Me }
  /** `heard`: false when the operator chose to sit down without sound. */
  | { at: 'desk'; me: Me; heard: boolean };

export type SessionAction =
  | { type: 'known'; me: Me }
  | { type: 'unknown' }
  | { type: 'unreachable' }
  | { type: 'sound-checked'; heard: boolean }
  | { type: 'check-sound' }
  | { type: 'expired' }
  | { type: 'logged-out' };

export function reduceSession(session: Session, action: SessionAction): Session {
  switch (action.type) {
    case 'known':
      return { at: 'sound-check', me: action.me };
    case 'unknown':
      return { at: 'login' };
    case 'unreachable':
      return session.at === 'starting' && !session.unreachable ? { at: 'starting', unreachable: true } : session;
    case 'sound-checked':
      return session.at === 'sound-check' ? { at: 'desk', me: session.me, heard: action.heard } : session;
    case 'check-sound':
      return session.at === 'desk' ? { at: 'sound-check', me: session.me } : session;
    case 'expired':
      return session.at === 'starting' || session.at === 'login' ? { at: 'login' } : { at: 'login', why: 'expired' };
    case 'logged-out':
      return { at: 'login', why: 'logged-out' };
  }
}
