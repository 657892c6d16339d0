/** STUN and TURN servers that a WHEP answer names in `Link` (draft-ietf-wish-whep, 4.6; the header by RFC 8288, 3). */

const LINK = /<([^>]*)>((?:\s*;\s*[^\s=;,]+(?:\s*=\s*(?:"(?:[^"\\]|\\.)*"|[^\s;,"]*))?)*)/g;
const PARAMETER = /;\s*([^\s=;,]+)(?:\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s;,"]*)))?/g;

/** Those that a browser would take: it refuses all of them for one that it does not. */
export function iceServersOf(link: string | null): RTCIceServer[] {
  const servers: RTCIceServer[] = [];
  (link ?? '').replace(LINK, (whole, url: string, given: string) => {
    const parameters = parametersOf(given);
    const { username, credential } = parameters;
    const relations = (parameters.rel ?? '').toLowerCase().split(/\s+/);
    if (relations.indexOf('ice-server') < 0) return whole;
    if (/^stuns?:/i.test(url)) servers.push({ urls: url });
    // The only other type ever there was, `oauth`, is gone from browsers.
    const isPassword = (parameters['credential-type'] ?? 'password') === 'password';
    if (/^turns?:/i.test(url) && username !== undefined && credential !== undefined && isPassword)
      servers.push({ urls: url, username, credential });
    return whole;
  });
  return servers;
}

/** The first of each name counts. */
function parametersOf(text: string): Partial<Record<string, string>> {
  const found: Partial<Record<string, string>> = {};
  text.replace(PARAMETER, (whole, name: string, quoted: string | undefined, token: string | undefined) => {
    const key = name.toLowerCase();
    if (found[key] === undefined) found[key] = quoted === undefined ? (token ?? '') : quoted.replace(/\\(.)/g, '$1');
    return whole;
  });
  return found;
}
