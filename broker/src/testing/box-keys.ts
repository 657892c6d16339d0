/** What a box would make for itself, by another library than the bridge's own code; and certificates that nobody should believe. */
import 'reflect-metadata';
import { webcrypto } from 'node:crypto';
import { Pkcs10CertificateRequestGenerator, type X509CertificateCreateSelfSignedParams, X509CertificateGenerator } from '@peculiar/x509';

const P256 = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };
export const P384 = { name: 'ECDSA', namedCurve: 'P-384', hash: 'SHA-384' };

export interface BoxKeys {
  /** PEM. */
  key: string;
  csr: string;
  pair: webcrypto.CryptoKeyPair;
}

/** A key pair and a request under this subject, e.g. `CN=box-0001`. */
export async function boxKeys(subject: string, algorithm = P256): Promise<BoxKeys> {
  const pair = (await webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify'])) as webcrypto.CryptoKeyPair;
  const csr = await Pkcs10CertificateRequestGenerator.create({
    name: subject,
    keys: pair as unknown as CryptoKeyPair,
    signingAlgorithm: { name: algorithm.name, hash: algorithm.hash },
  });
  const der = Buffer.from(await webcrypto.subtle.exportKey('pkcs8', pair.privateKey));
  return { key: pem('PRIVATE KEY', der), csr: csr.toString('pem'), pair };
}

/** A certificate that the box signed itself. */
export async function selfSigned(keys: BoxKeys, name: string, more: Partial<X509CertificateCreateSelfSignedParams> = {}): Promise<string> {
  const certificate = await X509CertificateGenerator.createSelfSigned({
    name,
    keys: keys.pair as unknown as CryptoKeyPair,
    signingAlgorithm: P256,
    notBefore: new Date(Date.now() - 60_000),
    notAfter: new Date(Date.now() + 86_400_000),
    ...more,
  });
  return certificate.toString('pem');
}

function pem(label: string, der: Buffer): string {
  const lines = der.toString('base64').match(/.{1,64}/g) ?? [];
  return `-----BEGIN ${label}-----\n${lines.join('\n')}\n-----END ${label}-----\n`;
}
