/** The key that a media node says it signs with. */
import { createHash, createPublicKey } from 'node:crypto';
import { CodedError, type EvidenceKeyTold } from '@shouwang/protocol';

/** That it is one, and goes by its own name: under another's, the clips that this other one signed could be checked no more. Throws BAD_PAYLOAD. */
export function checkKey({ kid, publicKey }: Pick<EvidenceKeyTold['data'], 'kid' | 'publicKey'>): void {
  const der = Buffer.from(publicKey, 'base64');
  if (createHash('sha256').update(der).digest('hex') !== kid)
    throw new CodedError('BAD_PAYLOAD', '/data/kid: expected the SHA-256 of the key');
  if (typeOf(der) !== 'ed25519') throw new CodedError('BAD_PAYLOAD', '/data/publicKey: expected an Ed25519 key (SPKI, DER)');
}

function typeOf(der: Buffer): string | undefined {
  try {
    return createPublicKey({ key: der, format: 'der', type: 'spki' }).asymmetricKeyType;
  } catch {
    return undefined;
  }
}
