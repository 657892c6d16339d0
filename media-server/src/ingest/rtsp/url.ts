/** `rtsp://user:password@host:port/path?query`: who to connect to, what to ask for, and who we are. */
import { CodedError } from '@shouwang/protocol';
import type { Credentials } from './auth.ts';

export interface RtspTarget {
  host: string;
  port: number;
  /** Without credentials: what goes into requests. */
  uri: string;
  credentials: Credentials | undefined;
}

/** Throws CONFIG_INVALID; the message never repeats the URL, which may hold a password. */
export function parseRtspUrl(text: string): RtspTarget {
  // Passwords with `#` or `@` in them are common on cameras: the last @ before the path ends the user part.
  const m = /^rtsp:\/\/(?:([^/]*)@)?(\[[0-9a-fA-F:.]+\]|[^:/@?#]+)(?::(\d{1,5}))?([/?].*)?$/i.exec(text.trim());
  const port = Number(m?.[3] ?? 554);
  if (!m || port < 1 || port > 65535) throw new CodedError('CONFIG_INVALID', 'expected rtsp://[user:password@]host[:port]/path');
  const [, user, host, , path = '/'] = m;
  // Else a password with a slash would be read as host and path, and be logged.
  if (path.includes('@'))
    throw new CodedError('CONFIG_INVALID', 'expected an rtsp:// address with @ / # in a password written as %40 %2F %23');
  if (/[^!-~\u0080-\uffff]/.test(path)) throw new CodedError('CONFIG_INVALID', 'expected an rtsp:// address without spaces');
  return {
    host: host!.replace(/^\[|\]$/g, ''),
    port,
    uri: `rtsp://${host}${m[3] ? `:${port}` : ''}${path}`,
    credentials: user === undefined ? undefined : readUser(user),
  };
}

/**
 * Where a camera sends us on to. Who we are is told only to the host that we were told to tell it to, or to the one that the
 * redirection names together with a user. Undefined: no address of a camera.
 */
export function redirected(from: RtspTarget, location: string): RtspTarget | undefined {
  let target: RtspTarget;
  try {
    target = parseRtspUrl(location.slice(0, 1000));
  } catch {
    return undefined;
  }
  const same = target.host.toLowerCase() === from.host.toLowerCase() && target.port === from.port;
  return { ...target, credentials: target.credentials ?? (same ? from.credentials : undefined) };
}

/** What may be logged of an address: no credentials, no query (some cameras take the password there). */
export function loggableUrl(text: string): string {
  try {
    return parseRtspUrl(text).uri.replace(/\?.*$/, '');
  } catch {
    return '(not an address)';
  }
}

function readUser(text: string): Credentials {
  const colon = text.indexOf(':');
  const user = colon < 0 ? text : text.slice(0, colon);
  return { user: decode(user), password: colon < 0 ? '' : decode(text.slice(colon + 1)) };
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    // A bare % in a password that nobody escaped.
    return text;
  }
}
