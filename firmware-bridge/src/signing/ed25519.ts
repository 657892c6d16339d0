/**
 * Signatures of what comes from afar: remote configuration and updates. Ed25519 (RFC 8032) today; what else the `alg` field may name
 * one day is added here, and what it names now and is not known is refused.
 */
import { createPublicKey, type KeyObject, verify } from 'node:crypto';
import { CodedError } from '@shouwang/protocol';

/** A key that this box trusts, as its configuration has it. */
export interface TrustedKey {
  kid: string;
  /** The 32 bytes of an Ed25519 public key, base64. */
  publicKey: string;
}

export interface Signature {
  alg: string;
  kid: string;
  /** base64 */
  signature: string;
}

/** Throws SIGNATURE_INVALID, with the reason, unless one of `keys` signed exactly these bytes. */
export function checkSignature(keys: readonly TrustedKey[], bytes: Uint8Array, { alg, kid, signature }: Signature): void {
  if (alg !== 'Ed25519') throw new CodedError('SIGNATURE_INVALID', 'alg: only Ed25519 is known here');
  const key = keys.find((k) => k.kid === kid);
  if (!key) throw new CodedError('SIGNATURE_INVALID', 'kid: no such key is trusted here');
  if (!verify(null, bytes, toKeyObject(key), Buffer.from(signature, 'base64')))
    throw new CodedError('SIGNATURE_INVALID', 'the signature does not fit');
}

/** RFC 8037: an Ed25519 key as JWK. */
function toKeyObject({ publicKey }: TrustedKey): KeyObject {
  const x = Buffer.from(publicKey, 'base64').toString('base64url');
  return createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x }, format: 'jwk' });
}
