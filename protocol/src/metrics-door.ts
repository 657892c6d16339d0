/** Who may read `/metrics` of a service: whoever asks from this machine itself, or has the token. Pure. */

export interface MetricsAsker {
  /** Of the socket. */
  address: string | undefined;
  headers: Record<string, string | string[] | undefined>;
}

/** `token` is empty where none is configured: then nobody but this machine. */
export function mayReadMetrics({ address, headers }: MetricsAsker, token: string): boolean {
  const given = typeof headers.authorization === 'string' ? headers.authorization.replace(/^Bearer /i, '') : '';
  if (token !== '' && same(given, token)) return true;
  // Behind a proxy on this machine everybody comes from here.
  if (headers['x-forwarded-for'] !== undefined || headers.forwarded !== undefined) return false;
  return address !== undefined && /^(127\.|::1$|::ffff:127\.)/.test(address);
}

/** Takes the same time wherever the two differ. */
function same(a: string, b: string): boolean {
  let difference = a.length ^ b.length;
  for (let i = 0; i < b.length; i++) difference |= (a.charCodeAt(i) || 0) ^ b.charCodeAt(i);
  return difference === 0;
}
