/**
 * TLS in front of the same broker. OpenSSL shakes hands and proves that the client holds its certificate's key; what the certificate is
 * worth is decided at the door, so that a refusal has a reason on the record. TLS 1.3 only: resumption with fresh keys, and the client's
 * certificate is not sent in the clear.
 */
import type { X509Certificate } from 'node:crypto';
import type { Socket } from 'node:net';
import { createServer, type Server, TLSSocket } from 'node:tls';
import type { ErrorCode } from '@shouwang/protocol';
import { type ServerIdentity, ticketKeys } from '../pki/server-identity.ts';

/** The client's certificate list is at most 100 KiB (OpenSSL's own bound); longer ones end the handshake. */
export interface TlsFrontOptions {
  identity: ServerIdentity;
  now: number;
  /** A handshake takes at most so long. */
  handshakeMs: number;
  /** The handshake is done; whatever certificate there is, or none. */
  opened(socket: TLSSocket): void;
  /** No handshake came about. `address` is the other end's. */
  failed(failure: { address: string; code: ErrorCode; reason: string }): void;
}

export class TlsFront {
  readonly #server: Server;
  #identity: ServerIdentity;

  constructor(o: TlsFrontOptions) {
    this.#identity = o.identity;
    this.#server = createServer(
      {
        key: o.identity.key,
        cert: o.identity.chain,
        minVersion: 'TLSv1.3',
        requestCert: true,
        rejectUnauthorized: false,
        handshakeTimeout: o.handshakeMs,
        ticketKeys: ticketKeys(o.identity, o.now),
        // OpenSSL resumes no session with a client certificate but within one context.
        sessionIdContext: 'shouwang-mqtt',
      },
      (socket) => o.opened(socket),
    );
    this.#server.on('tlsClientError', (error: NodeJS.ErrnoException, socket) => {
      const code = error.code ?? error.message;
      o.failed({
        address: socket.remoteAddress ?? '',
        code: code === 'ERR_TLS_HANDSHAKE_TIMEOUT' ? 'TIMEOUT' : 'NOT_ALLOWED',
        reason: `no TLS handshake: ${code}`.slice(0, 200),
      });
      socket.destroy();
    });
  }

  /** A connection that was just accepted. */
  take(socket: Socket): void {
    this.#server.emit('connection', socket);
  }

  /** A new certificate, and the day's ticket key; connections that stand go on. */
  renew(identity: ServerIdentity, now: number): void {
    if (identity.chain !== this.#identity.chain) this.#server.setSecureContext(contextOf(identity));
    this.#identity = identity;
    this.#server.setTicketKeys(ticketKeys(identity, now));
  }
}

function contextOf(identity: ServerIdentity) {
  return { key: identity.key, cert: identity.chain, minVersion: 'TLSv1.3', sessionIdContext: 'shouwang-mqtt' } as const;
}

/** The certificate that the other end showed and holds the key of, also where a session was resumed; undefined without TLS or certificate. */
export function presentedCertificate(stream: unknown): X509Certificate | undefined {
  return stream instanceof TLSSocket ? stream.getPeerX509Certificate() : undefined;
}
