/** The centre's own key and certificate for its TLS listener. The key lies open, for its owner only: a restart at night asks nobody. */
import { createPrivateKey, generateKeyPairSync, hkdfSync, X509Certificate } from 'node:crypto';
import { isIP } from 'node:net';
import { join } from 'node:path';
import { CodedError } from '@shouwang/protocol';
import type { Log } from '../log.ts';
import type { Authority } from './authority.ts';
import { readIfThere, writeSecretFile } from './key-file.ts';

const SERVER_DAYS = 825;
const DAY_MS = 86_400_000;

export interface ServerIdentity {
  /** PEM. */
  key: string;
  /** PEM: the centre's certificate, then the CA's, so that a box that knows the CA's key by its hash alone can check the one by the other. */
  chain: string;
}

/**
 * Reads the identity, or makes a new one where there is none, the names changed, the CA is another, or a third of its life is left.
 * A CA that is locked leaves the one that is there in use. Throws CONFIG_INVALID when there is none and none can be made.
 */
export async function serverIdentity(o: {
  dir: string;
  names: string[];
  authority: Authority;
  now: number;
  log: Log;
}): Promise<ServerIdentity> {
  const path = join(o.dir, 'server.pem');
  const kept = parse(readIfThere(path));
  if (kept && !isDue(kept, o.authority, o.names, o.now)) return kept;
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  try {
    const subject = { server: o.names[0]!, names: o.names };
    const own = await o.authority.sign(subject, publicKey.export({ type: 'spki', format: 'der' }), SERVER_DAYS);
    const made = {
      key: privateKey.export({ type: 'pkcs8', format: 'pem' }) as string,
      chain: `${own.trim()}\n${o.authority.pem.trim()}\n`,
    };
    writeSecretFile(path, `${made.key}${made.chain}`);
    o.log.info({ names: o.names, notAfter: new X509Certificate(own).validTo }, 'the listener has a new certificate');
    return made;
  } catch (error) {
    if (!(error instanceof CodedError) || error.code !== 'CA_LOCKED') throw error;
    if (!kept)
      throw new CodedError('CONFIG_INVALID', `mqtt.tls: expected a CA that can be unlocked for the first certificate: ${error.detail}`);
    o.log.warn({ reason: error.detail }, 'the listener needs a new certificate and the CA is locked: the old one goes on');
    return kept;
  }
}

function parse(text: string | undefined): ServerIdentity | undefined {
  const at = text?.indexOf('-----BEGIN CERTIFICATE-----') ?? -1;
  if (text === undefined || at <= 0) return undefined;
  return { key: text.slice(0, at), chain: text.slice(at) };
}

function isDue(identity: ServerIdentity, authority: Authority, names: string[], now: number): boolean {
  const own = new X509Certificate(identity.chain);
  if (!authority.issued(own)) return true;
  const covered = names.every((name) => (isIP(name) === 0 ? own.checkHost(name) : own.checkIP(name)) !== undefined);
  return !covered || Date.parse(own.validTo) - now < (SERVER_DAYS / 3) * DAY_MS;
}

/**
 * The key under which session tickets are sealed (48 bytes, `ticketKeys` of node:tls): the same after a restart, so that ten thousand
 * boxes that come back need no full handshake, and another one each day. TLS 1.3 agrees on fresh keys on resumption too
 * (RFC 8446, 2.2: psk_dhe_ke), so whoever learns it later can read nothing of the past.
 */
export function ticketKeys(identity: ServerIdentity, now: number): Buffer {
  const secret = createPrivateKey(identity.key).export({ type: 'pkcs8', format: 'der' });
  return Buffer.from(hkdfSync('sha256', secret, '', `shouwang mqtt tickets ${Math.floor(now / DAY_MS)}`, 48));
}
