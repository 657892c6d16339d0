/** The door: who may connect, by name, secret, client id, keep-alive and will. Pure but for the directory it looks into. */
import { type ErrorCode, topics } from '@shouwang/protocol';
import type { Directory } from '../enrolment/directory.ts';
import { secretMatches } from '../enrolment/secrets.ts';
import { type Principal, parseUserName } from './principal.ts';

/** What a CONNECT says. */
export interface ConnectRequest {
  clientId: string;
  userName: string | undefined;
  password: string;
  keepAliveS: number;
  willTopic: string | undefined;
}

export interface DoorRules {
  keepAliveMinS: number;
  keepAliveMaxS: number;
}

export type Admission = { ok: true; principal: Principal } | { ok: false; code: ErrorCode; reason: string };

/** Compared with when there is nothing to compare with, so that both ways take as long. */
const NO_HASH = '0'.repeat(64);

/** Admits or refuses a CONNECT. The reason is for the record, never for the other end. */
export function admit(directory: Directory, rules: DoorRules, c: ConnectRequest): Admission {
  const principal = parseUserName(c.userName);
  const entry = principal && entryOf(directory, principal);
  const secretOk = secretMatches(c.password, entry?.secretHash ?? NO_HASH);
  if (!principal) return refuse('BAD_CREDENTIALS', 'user name is not box:…, integrator:… or media:…');
  if (!entry) return refuse(principal.kind === 'box' ? 'BOX_UNKNOWN' : 'BAD_CREDENTIALS', 'not enrolled');
  if (!secretOk) return refuse('BAD_CREDENTIALS', 'wrong secret');
  if (entry.revoked) return refuse(principal.kind === 'box' ? 'BOX_REVOKED' : 'BAD_CREDENTIALS', 'revoked');
  if (!clientIdFits(directory, principal, c.clientId)) return refuse('NOT_ALLOWED', 'client id does not belong to this user name');
  if (c.keepAliveS < rules.keepAliveMinS || c.keepAliveS > rules.keepAliveMaxS)
    return refuse('NOT_ALLOWED', `keep-alive of ${c.keepAliveS} s is not between ${rules.keepAliveMinS} and ${rules.keepAliveMaxS}`);
  if (c.willTopic !== undefined && !(principal.kind === 'box' && c.willTopic === topics.boxStatus(principal.boxId)))
    return refuse('NOT_ALLOWED', 'the only will is a box saying that it is offline');
  return { ok: true, principal };
}

function entryOf(directory: Directory, p: Principal): { secretHash: string; revoked: boolean } | undefined {
  switch (p.kind) {
    case 'box':
      return directory.boxes.get(p.boxId);
    case 'integrator':
      return directory.integrators.get(p.name);
    case 'media':
      return directory.mediaNodes.get(p.node);
  }
}

/** A box is its client id; an integrator's begins with its name, and may not be anybody else's, or it could cut them off. */
function clientIdFits(directory: Directory, p: Principal, clientId: string): boolean {
  switch (p.kind) {
    case 'box':
      return clientId === p.boxId;
    case 'media':
      return clientId === `media-${p.node}`;
    case 'integrator':
      return (
        clientId.startsWith(p.name) &&
        !directory.boxes.has(clientId) &&
        !directory.mediaNodes.has(clientId.replace(/^media-/, '')) &&
        // `110-fire` belongs to 110-fire, not to 110.
        ![...directory.integrators.keys()].some((name) => name.length > p.name.length && clientId.startsWith(name))
      );
  }
}

function refuse(code: ErrorCode, reason: string): Admission {
  return { ok: false, code, reason };
}
