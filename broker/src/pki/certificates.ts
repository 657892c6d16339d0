/**
 * The boxes' certificates at run time: which exist, what a presented one is worth, and how a new one comes about. Checks are made here,
 * not by OpenSSL: its verdict in a handshake that must go on is the last of several, and "expired" may stand for "not ours, and expired".
 */
import { X509Certificate } from 'node:crypto';
import { CodedError, type ErrorCode } from '@shouwang/protocol';
import type { Clock } from '../clock.ts';
import type { Directory } from '../enrolment/directory.ts';
import type { Log } from '../log.ts';
import type { Store } from '../store/store.ts';
import type { Authority } from './authority.ts';

/** `id-kp-clientAuth` (RFC 5280, 4.2.1.12). */
const CLIENT_AUTH = '1.3.6.1.5.5.7.3.2';

export interface Known {
  boxId: string;
  /** ms */
  notAfter: number;
  revoked: boolean;
}

/** What a certificate that somebody presented is worth. `reason` is for the record. */
export type Judgement =
  | { ok: true; boxId: string; serial: string; expiredAt: number | undefined }
  | { ok: false; code: ErrorCode; reason: string };

export interface Issued {
  serial: string;
  notAfter: number;
  /** PEM: the box's own, then the CA's. */
  chain: string;
}

export interface CertificatesOptions {
  authority: Authority;
  store: Store;
  directory: Pick<Directory, 'boxes'>;
  clock: Clock;
  log: Log;
  /** Days that a box's certificate is good for. */
  boxDays: number;
}

export class Certificates {
  readonly #o: CertificatesOptions;
  readonly #known = new Map<string, Known>();
  readonly #certified = new Set<string>();

  constructor(options: CertificatesOptions) {
    this.#o = options;
  }

  get authority(): Authority {
    return this.#o.authority;
  }

  /** Reads what the store has. */
  async load(): Promise<void> {
    for (const row of await this.#o.store.run('readCertificates', undefined)) {
      this.#known.set(row.serial, { boxId: row.box_id, notAfter: row.not_after, revoked: row.revoked === 1 });
      if (row.revoked === 0) this.#certified.add(row.box_id);
      if (row.came_expired === 1) this.#mark(row.box_id, row.not_after);
    }
  }

  /** Whether a box has a certificate that was not replaced; an expired one counts, it still opens the door for alarms. */
  has(boxId: string): boolean {
    return this.#certified.has(boxId);
  }

  /** The box has become one that comes with a secret (the store has already ended its certificates). */
  ended(boxId: string): void {
    if (!this.#certified.delete(boxId)) return;
    for (const [serial, known] of this.#known) if (known.boxId === boxId) this.#known.set(serial, { ...known, revoked: true });
  }

  judge(certificate: X509Certificate): Judgement {
    const { authority, clock } = this.#o;
    if (!authority.issued(certificate)) {
      const own = certificate.checkIssued(certificate);
      return bad(own ? 'the certificate is self-signed' : `the certificate is of another CA: ${certificate.issuer.slice(0, 100)}`);
    }
    if (!certificate.keyUsage?.includes(CLIENT_AUTH)) return bad('the certificate is not for a client');
    const known = this.#known.get(serialOf(certificate));
    if (!known) return bad(`no certificate with the serial ${serialOf(certificate)} is on the record`);
    if (known.revoked) return bad(`the certificate ${serialOf(certificate)} was replaced by a new enrolment or activation`);
    return {
      ok: true,
      boxId: known.boxId,
      serial: serialOf(certificate),
      expiredAt: clock.now() > known.notAfter ? known.notAfter : undefined,
    };
  }

  /** A box was let in with this certificate: the console sees whether it had expired. */
  cameWith(boxId: string, serial: string, expiredAt: number | undefined): void {
    if (this.#o.directory.boxes.get(boxId)?.household.certificateExpiredAt === expiredAt) return;
    this.#mark(boxId, expiredAt);
    this.#o.store
      .run('noteCertificateUse', { boxId, serial, expired: expiredAt !== undefined })
      .catch((error: unknown) => this.#o.log.warn({ err: error }, 'with which certificate a box came was not recorded'));
  }

  /**
   * Makes a certificate from a request. It is on the record before anybody has it. `requestId`: asked again, the same comes out;
   * without it this is a fresh enrolment, and what the box had before is refused from now on.
   * Throws BOX_UNKNOWN, BOX_REVOKED, CSR_INVALID, CA_LOCKED, RATE_EXCEEDED, STORE_UNAVAILABLE.
   */
  async issue(boxId: string, csr: string, by: string, requestId?: string): Promise<Issued> {
    const { authority, store, directory, clock, boxDays } = this.#o;
    const box = directory.boxes.get(boxId);
    if (!box) throw new CodedError('BOX_UNKNOWN', `box ${boxId} is not enrolled`);
    if (box.revoked) throw new CodedError('BOX_REVOKED', `box ${boxId} is revoked`);
    if (requestId !== undefined) {
      const before = await store.run('certificateFor', { boxId, requestId, by, at: clock.now() });
      if (before) return { serial: before.serial, notAfter: before.not_after, chain: this.#chain(before.pem) };
    }
    const { readRequest } = await import('./x509.ts');
    const pem = await authority.sign({ boxId }, await readRequest(csr, boxId), boxDays);
    const made = new X509Certificate(pem);
    const row = {
      serial: serialOf(made),
      box_id: boxId,
      request_id: requestId ?? null,
      not_before: Date.parse(made.validFrom),
      not_after: Date.parse(made.validTo),
      issued_at: clock.now(),
      pem,
      revoked: 0,
      came_expired: 0,
    };
    const replaced = await store.run('recordCertificate', { row, by, replaces: requestId === undefined });
    for (const serial of replaced) this.#known.set(serial, { ...this.#known.get(serial)!, revoked: true });
    this.#known.set(row.serial, { boxId, notAfter: row.not_after, revoked: false });
    this.#certified.add(boxId);
    return { serial: row.serial, notAfter: row.not_after, chain: this.#chain(pem) };
  }

  #chain(pem: string): string {
    return `${pem.trim()}\n${this.#o.authority.pem.trim()}\n`;
  }

  #mark(boxId: string, certificateExpiredAt: number | undefined): void {
    const { boxes } = this.#o.directory;
    const entry = boxes.get(boxId);
    if (entry) boxes.set(boxId, { ...entry, household: { ...entry.household, certificateExpiredAt } });
  }
}

function serialOf(certificate: X509Certificate): string {
  return certificate.serialNumber.toUpperCase();
}

function bad(reason: string): Judgement {
  return { ok: false, code: 'CERT_INVALID', reason };
}
