/** ③ Opens a line to the centre: TCP, or TLS with both ends checked. Only a line whose other end is the centre is handed on. */
import type { X509Certificate } from 'node:crypto';
import { connect as connectTcp, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import type { Clock } from '../clock.ts';
import { whyNotCentre, whyNotResumed } from './check-centre.ts';

export interface DialDeps {
  clock: Clock;
  pins: readonly string[];
  /** ms; undefined: not known. */
  now(): number | undefined;
  /** The box's key and certificate, PEM; undefined: it has none. */
  identity(): { key: string; chain: string } | undefined;
}

/** An attempt that can be given up. */
export interface Dialling {
  /** Rejects with an Error whose message says why. */
  readonly line: Promise<Socket>;
  cancel(): void;
}

export interface Dialler {
  /** Never throws: what is wrong with the address or the certificate comes out of `line`, like everything else. */
  dial(url: string): Dialling;
}

const TIMEOUT_MS = 10_000;
const PORTS: Record<string, number> = { 'mqtt:': 1883, 'mqtts:': 8883 };

export function createDialler(deps: DialDeps): Dialler {
  /** The last TLS session of each address, from a connection that was checked: the next handshake costs half (RFC 8446, 2.2). */
  const sessions = new Map<string, { session: Buffer; chain: string; centre: X509Certificate }>();

  function dial(url: string): Dialling {
    try {
      return open(url);
    } catch (error) {
      // E.g. a port out of range, a key that OpenSSL does not read.
      return { line: Promise.reject(error), cancel: () => {} };
    }
  }

  function open(url: string): Dialling {
    const { protocol, hostname, port } = new URL(url);
    const host = hostname.replace(/^\[|\]$/g, '');
    const to = { host, port: Number(port) || PORTS[protocol]! };
    if (protocol === 'mqtt:') return opening(connectTcp({ ...to, noDelay: true }), 'connect', () => undefined);

    const identity = deps.identity();
    const chain = identity?.chain ?? '';
    const before = sessions.get(url);
    // A session belongs to the certificate that it was made with.
    const resumable = before?.chain === chain ? before : undefined;
    const socket = connectTls({
      ...to,
      ...(identity && { key: identity.key, cert: identity.chain }),
      ...(resumable && { session: resumable.session }),
      minVersion: 'TLSv1.3',
      // The pinned key is all that is believed; loading a hundred public CAs would cost a box megabytes.
      ca: [],
      rejectUnauthorized: false,
    });
    socket.setNoDelay(true);
    return opening(socket, 'secureConnect', () => {
      const rules = { pins: deps.pins, host, now: deps.now() };
      // A resumed session shows no certificate: the one of the handshake that it began with was checked then.
      const resumed = socket.isSessionReused() ? resumable?.centre : undefined;
      const centre = resumed ?? socket.getPeerX509Certificate();
      const why = resumed ? whyNotResumed(resumed, rules) : whyNotCentre(centre, rules);
      if (why) sessions.delete(url);
      else socket.on('session', (session: Buffer) => sessions.set(url, { session, chain, centre: centre! }));
      return why;
    });
  }

  /** Waits until the line stands; `check` says why it must not be used. */
  function opening(socket: Socket, event: 'connect' | 'secureConnect', check: () => string | undefined): Dialling {
    let settle: (why: string) => void = () => {};
    const line = new Promise<Socket>((resolve, reject) => {
      const timer = deps.clock.after(TIMEOUT_MS, () => settle(`no answer within ${TIMEOUT_MS / 1000} s`));
      const closed = () => settle('the connection closed');
      const failed = (error: Error) => settle(error.message);
      settle = (why) => {
        settle = () => {};
        timer.cancel();
        socket.off('close', closed);
        // The listener for errors stays: until the next one is there, an error would have none.
        if (!why) return resolve(socket);
        socket.destroy();
        reject(new Error(why));
      };
      socket.once('close', closed);
      socket.on('error', failed);
      socket.once(event, () => settle(check() ?? ''));
    });
    return { line, cancel: () => settle('given up') };
  }

  return { dial };
}
