/** HTTP Basic (RFC 7617) with the user names of MQTT. */

/** Reads `Authorization: Basic …`. The user is the name, with or without `KIND:` before it. */
export function basicCredentials(header: string | undefined, kind: 'integrator' | 'box'): { name: string; secret: string } | undefined {
  const match = /^Basic ([A-Za-z0-9+/]+={0,2})$/i.exec(header ?? '');
  if (!match) return undefined;
  const text = Buffer.from(match[1]!, 'base64').toString('utf8');
  const rest = text.startsWith(`${kind}:`) ? text.slice(kind.length + 1) : text;
  const colon = rest.indexOf(':');
  return colon > 0 ? { name: rest.slice(0, colon), secret: rest.slice(colon + 1) } : undefined;
}
