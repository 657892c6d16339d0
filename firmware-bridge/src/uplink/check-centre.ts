/**
 * Whether the other end of a TLS connection is the centre. A box that has booted in 1970 cannot ask whether a certificate is valid now,
 * but it can ask whose key signed it: the centre's key is pinned by its hash, and that is what counts. Dates are judged only where the
 * time is known; a certificate "not yet valid" under a pinned key says that the box's clock is behind, never that the centre is false.
 */
import { createHash, type KeyObject, type X509Certificate } from 'node:crypto';
import { isIP } from 'node:net';

export interface CentreRules {
  /** `sha256/` and the base64 of SHA-256 over a public key (SPKI): the centre's CA's, or its own. */
  pins: readonly string[];
  /** As the configuration spells it. */
  host: string;
  /** ms; undefined: not known. */
  now: number | undefined;
}

/** `id-kp-serverAuth` (RFC 5280, 4.2.1.12). A box's own certificate is of the same CA, and is not for this. */
const SERVER_AUTH = '1.3.6.1.5.5.7.3.1';

/** undefined: it is the centre. Otherwise why not. */
export function whyNotCentre(own: X509Certificate | undefined, { pins, host, now }: CentreRules): string | undefined {
  if (!own) return 'no certificate was shown';
  const chain = trustedChain(own, pins);
  if (!chain) return `the certificate is not signed by a pinned key (its own is ${pinOf(own.publicKey)})`;
  return whyNotUsable(own, host) ?? whyExpired(chain, now);
}

/** Of a session that is resumed: `own` is the certificate of the handshake that it began with, which was checked then; its date goes on counting. */
export function whyNotResumed(own: X509Certificate, { now }: CentreRules): string | undefined {
  return whyExpired([own], now);
}

/** The certificates from the centre's own to the one whose key is pinned. One level is all that the centre's CA signs. */
function trustedChain(own: X509Certificate, pins: readonly string[]): X509Certificate[] | undefined {
  if (pins.includes(pinOf(own.publicKey))) return [own];
  const issuer = own.issuerCertificate;
  if (!issuer?.ca || !pins.includes(pinOf(issuer.publicKey))) return undefined;
  return own.checkIssued(issuer) && own.verify(issuer.publicKey) ? [own, issuer] : undefined;
}

function whyNotUsable(own: X509Certificate, host: string): string | undefined {
  if (!own.keyUsage?.includes(SERVER_AUTH)) return 'the certificate is not for a server';
  const named = isIP(host) === 0 ? own.checkHost(host) : own.checkIP(host);
  return named === undefined ? `the certificate is not for ${host}` : undefined;
}

function whyExpired(chain: X509Certificate[], now: number | undefined): string | undefined {
  const old = now === undefined ? undefined : chain.find((c) => Date.parse(c.validTo) < now);
  return old && `a certificate of the centre expired at ${old.validTo}`;
}

export function pinOf(key: KeyObject): string {
  return `sha256/${createHash('sha256')
    .update(key.export({ type: 'spki', format: 'der' }))
    .digest('base64')}`;
}
