/** Signed heads: who holds the public key can show later that the chain up to there was not rewritten. */
import { createHash, createPrivateKey, createPublicKey, type KeyObject, sign, verify } from 'node:crypto';
import { canonicalJson } from './canonical-json.ts';

/** A signed head. `alg` names the algorithm, so that national ones (SM2 with SM3) can follow. */
export interface SignedHead {
  n: number;
  hash: string;
  at: number;
  alg: string;
  /** SHA-256 over the public key (SPKI, DER), first 16 hex digits. */
  kid: string;
  /** base64url over `headText`. */
  signature: string;
}

export const HEAD_ALG = 'Ed25519';

/** What is signed. */
export function headText(head: Pick<SignedHead, 'n' | 'hash' | 'at' | 'alg' | 'kid'>): string {
  return canonicalJson({ n: head.n, hash: head.hash, at: head.at, alg: head.alg, kid: head.kid });
}

/** The name of a public key. */
export function keyId(publicKey: KeyObject): string {
  return createHash('sha256')
    .update(publicKey.export({ type: 'spki', format: 'der' }))
    .digest('hex')
    .slice(0, 16);
}

/** Signs a head with an Ed25519 private key (PKCS#8, PEM). */
export function signHead(privatePem: string, head: { n: number; hash: string; at: number }): SignedHead {
  const key = createPrivateKey(privatePem);
  const unsigned = { ...head, alg: HEAD_ALG, kid: keyId(createPublicKey(key)) };
  return { ...unsigned, signature: sign(null, Buffer.from(headText(unsigned)), key).toString('base64url') };
}

/** Whether the signature is this key's. An unknown `alg` is not valid here. */
export function headIsSigned(publicKey: KeyObject, head: SignedHead): boolean {
  if (head.alg !== HEAD_ALG || head.kid !== keyId(publicKey)) return false;
  return verify(null, Buffer.from(headText(head)), publicKey, Buffer.from(head.signature, 'base64url'));
}
