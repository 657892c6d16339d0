/**
 * A key pair made on the box and a request for a certificate (PKCS#10, RFC 2986). The structure is always the same one, so it is put
 * together here: a general X.509 library would double the bundle and take 11 MB of memory for it (docs/decisions/0009). The centre
 * checks each request with such a library.
 */
import { generateKeyPairSync, sign } from 'node:crypto';

export interface Request {
  /** PEM, PKCS#8. Never leaves the box. */
  key: string;
  /** PEM. */
  csr: string;
}

/** ITU-T X.690: 8.1. */
const TAG = { bitString: 0x03, utf8String: 0x0c, sequence: 0x30, set: 0x31 } as const;
const VERSION_0 = Buffer.from([0x02, 0x01, 0x00]);
/** `id-at-commonName` (RFC 5280, appendix A.1). */
const COMMON_NAME = Buffer.from('0603550403', 'hex');
/** No attributes: `[0]`, empty. */
const NO_ATTRIBUTES = Buffer.from([0xa0, 0x00]);
/** `ecdsa-with-SHA256` (RFC 5758, 3.2). */
const ECDSA_SHA256 = Buffer.from('06082a8648ce3d040302', 'hex');

/** Makes a new key on P-256 and a request for `CN=boxId`, signed with it. */
export function makeRequest(boxId: string): Request {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const subject = der(TAG.sequence, der(TAG.set, der(TAG.sequence, COMMON_NAME, der(TAG.utf8String, Buffer.from(boxId, 'utf8')))));
  const info = der(TAG.sequence, VERSION_0, subject, publicKey.export({ type: 'spki', format: 'der' }), NO_ATTRIBUTES);
  const signature = der(TAG.bitString, Buffer.from([0]), sign('sha256', info, privateKey));
  return {
    key: privateKey.export({ type: 'pkcs8', format: 'pem' }) as string,
    csr: pem('CERTIFICATE REQUEST', der(TAG.sequence, info, der(TAG.sequence, ECDSA_SHA256), signature)),
  };
}

function der(tag: number, ...parts: Buffer[]): Buffer {
  const body = Buffer.concat(parts);
  const n = body.length;
  const length = n < 0x80 ? [n] : n < 0x100 ? [0x81, n] : [0x82, n >> 8, n & 0xff];
  return Buffer.concat([Buffer.from([tag, ...length]), body]);
}

function pem(label: string, bytes: Buffer): string {
  const lines = bytes.toString('base64').match(/.{1,64}/g) ?? [];
  return `-----BEGIN ${label}-----\n${lines.join('\n')}\n-----END ${label}-----\n`;
}
