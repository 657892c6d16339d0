/** What this page needs of a media node, and of a browser to play it: `@shouwang/player`, or a stand-in in tests. */
import type { createPlayer, loadStill, openSession, SessionHandle } from '@shouwang/player';
import type { Grant, GrantsResult } from '@shouwang/protocol';
import type { TvLink } from './tv-link.ts';

export interface Media {
  openSession(grant: Grant): Promise<SessionHandle>;
  loadStill: typeof loadStill;
  createPlayer: typeof createPlayer;
}
export type OpenSession = typeof openSession;

/** The code of whatever was thrown; what has none is a network without an answer. */
export function codeOf(error: unknown): string {
  const code = (error as { code?: unknown } | undefined)?.code;
  return typeof code === 'string' ? code : 'TIMEOUT';
}

/** Grants for cameras, asked from the centre through the bridge. Rejects with LinkError. */
export function askGrants(link: TvLink, cameraIds: string[], reason: 'wall' | 'watch'): Promise<GrantsResult> {
  return link.call('grants', { cameraIds, reason }) as Promise<GrantsResult>;
}
