/** The door: who may connect, by name, certificate or secret, client id, keep-alive and will. Pure but for the directory it looks into. */
import { type ErrorCode, topics } from '@shouwang/protocol';
import type { BrokerConfig } from '../config.ts';
import type { Directory } from '../enrolment/directory.ts';
import { secretMatches } from '../enrolment/secrets.ts';
import type { Judgement } from '../pki/certificates.ts';
import { type Principal, parseUserName } from './principal.ts';

/** What a CONNECT says. */
export interface ConnectRequest {
  clientId: string;
  userName: string | undefined;
  password: string;
  keepAliveS: number;
  willTopic: string | undefined;
  tls: boolean;
  /** What the client's certificate is worth, where it showed one. */
  certificate: Judgement | undefined;
}

export interface DoorRules {
  keepAliveMinS: number;
  keepAliveMaxS: number;
  boxSecrets: BrokerConfig['mqtt']['boxSecrets'];
}

export type Admission =
  | { ok: true; principal: Principal; certificate?: Presented | undefined }
  | { ok: false; code: ErrorCode; reason: string };

/** The certificate with which a box was let in; `expiredAt` in ms, where it had expired. */
export interface Presented {
  serial: string;
  expiredAt: number | undefined;
}

/** Compared with when there is nothing to compare with, so that both ways take as long. */
const NO_HASH = '0'.repeat(64);

/** Admits or refuses a CONNECT. The reason is for the record, never for the other end. */
export function admit(directory: Directory, rules: DoorRules, c: ConnectRequest): Admission {
  const principal = parseUserName(c.userName);
  const entry = principal && entryOf(directory, principal);
  const secretOk = secretMatches(c.password, entry?.secretHash ?? NO_HASH);
  if (!principal) return refuse('BAD_CREDENTIALS', 'user name is not box:…, integrator:… or media:…');
  if (!entry) return refuse(principal.kind === 'box' ? 'BOX_UNKNOWN' : 'BAD_CREDENTIALS', 'not enrolled');
  const proof = principal.kind === 'box' ? proofOfBox(principal.boxId, rules, c, secretOk) : secretOk || WRONG_SECRET;
  if (proof !== true && 'reason' in proof) return proof;
  if (entry.revoked) return refuse(principal.kind === 'box' ? 'BOX_REVOKED' : 'BAD_CREDENTIALS', 'revoked');
  if (!clientIdFits(directory, principal, c.clientId)) return refuse('NOT_ALLOWED', 'client id does not belong to this user name');
  if (c.keepAliveS < rules.keepAliveMinS || c.keepAliveS > rules.keepAliveMaxS)
    return refuse('NOT_ALLOWED', `keep-alive of ${c.keepAliveS} s is not between ${rules.keepAliveMinS} and ${rules.keepAliveMaxS}`);
  if (c.willTopic !== undefined && !(principal.kind === 'box' && c.willTopic === topics.boxStatus(principal.boxId)))
    return refuse('NOT_ALLOWED', 'the only will is a box saying that it is offline');
  if (proof === true || principal.kind !== 'box') return { ok: true, principal };
  return { ok: true, principal: { ...principal, expired: proof.expiredAt === undefined ? undefined : true }, certificate: proof };
}

type Refusal = Admission & { ok: false };
const WRONG_SECRET: Refusal = { ok: false, code: 'BAD_CREDENTIALS', reason: 'wrong secret' };

/** A box that shows a certificate is judged by it alone; TLS has proven that it holds the key. Only without one does a secret count. */
function proofOfBox(boxId: string, rules: DoorRules, c: ConnectRequest, secretOk: boolean): true | Presented | Refusal {
  const { certificate } = c;
  if (certificate) {
    if (!certificate.ok) return certificate;
    if (certificate.boxId !== boxId) return { ok: false, code: 'CERT_INVALID', reason: `the certificate is of box ${certificate.boxId}` };
    return { serial: certificate.serial, expiredAt: certificate.expiredAt };
  }
  if (rules.boxSecrets === 'none') return { ok: false, code: 'BAD_CREDENTIALS', reason: 'no certificate' };
  if (rules.boxSecrets === 'tls' && !c.tls) return { ok: false, code: 'BAD_CREDENTIALS', reason: 'a secret without TLS' };
  return secretOk || WRONG_SECRET;
}

/** What is enrolled under a principal's name. */
export function entryOf(directory: Directory, p: Principal): { secretHash: string; revoked: boolean } | undefined {
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

function refuse(code: ErrorCode, reason: string): Refusal {
  return { ok: false, code, reason };
}
