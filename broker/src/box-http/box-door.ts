/** Who is behind a request of a box. The same secret as on MQTT; the right one is never kept waiting by somebody else's wrong ones. */
import { CodedError, type ErrorCode } from '@shouwang/protocol';
import type { FastifyRequest } from 'fastify';
import type { Clock } from '../clock.ts';
import { NO_SECRET } from '../enrolment/box-operations.ts';
import type { Directory } from '../enrolment/directory.ts';
import { secretMatches } from '../enrolment/secrets.ts';
import { Attempts } from '../http/attempts.ts';
import { basicCredentials } from '../http/basic.ts';

const FAILURES_A_MINUTE = 30;

export interface BoxDoorOptions {
  directory: Pick<Directory, 'boxes'>;
  /** Whether a box may not come with its secret: it has a certificate, and those who have one come with it alone. */
  mustShowCertificate(boxId: string): boolean;
  clock: Clock;
  /** A box was refused: it goes on the record. */
  refused(refusal: { client: string; code: ErrorCode; reason: string }): void;
}

export class BoxDoor {
  readonly #o: BoxDoorOptions;
  readonly #attempts: Attempts;

  constructor(options: BoxDoorOptions) {
    this.#o = options;
    this.#attempts = new Attempts(options.clock, FAILURES_A_MINUTE);
  }

  /** The box's id. Throws BAD_CREDENTIALS, TOO_MANY (wrong ones from this address), BOX_REVOKED. */
  boxOf(request: FastifyRequest): string {
    const given = basicCredentials(request.headers.authorization, 'box');
    const entry = given && this.#o.directory.boxes.get(given.name);
    if (given && entry && entry.secretHash !== NO_SECRET && secretMatches(given.secret, entry.secretHash)) {
      if (!entry.revoked && !this.#o.mustShowCertificate(given.name)) return given.name;
      if (!entry.revoked) {
        this.#record(given.name, 'BAD_CREDENTIALS', 'it has a certificate: its secret counts no longer');
        throw new CodedError('BAD_CREDENTIALS');
      }
      this.#record(given.name, 'BOX_REVOKED', 'revoked');
      throw new CodedError('BOX_REVOKED');
    }
    if (this.#attempts.tooMany(request.ip)) throw new CodedError('TOO_MANY');
    this.#attempts.failed(request.ip);
    // One answer for every reason: it must not tell which boxes exist. The record says more.
    this.#record(given?.name ?? '', 'BAD_CREDENTIALS', !given ? 'no credentials' : entry ? 'wrong secret' : 'unknown box');
    throw new CodedError('BAD_CREDENTIALS');
  }

  #record(boxId: string, code: ErrorCode, reason: string): void {
    this.#o.refused({ client: `http box:${boxId.slice(0, 60)}`, code, reason });
  }
}
