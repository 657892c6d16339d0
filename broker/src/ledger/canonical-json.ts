/** Canonical JSON (RFC 8785): keys in UTF-16 order, no white space, ECMAScript numbers. */

/** Serialises plain data. Keys whose value is undefined are left out. Throws on what JSON cannot say. */
export function canonicalJson(value: unknown): string {
  if (value === null || typeof value === 'boolean' || typeof value === 'string') return JSON.stringify(value);
  if (typeof value === 'number') {
    if (!Number.isFinite(value)) throw new TypeError('canonical JSON has no NaN and no infinity');
    return JSON.stringify(value);
  }
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
  if (typeof value === 'object') {
    const record = value as Record<string, unknown>;
    // The default sort compares UTF-16 code units, which is what RFC 8785, 3.2.3 asks for.
    let members = '';
    for (const key of Object.keys(record).sort()) {
      if (record[key] === undefined) continue;
      members += `${members && ','}${JSON.stringify(key)}:${canonicalJson(record[key])}`;
    }
    return `{${members}}`;
  }
  throw new TypeError(`canonical JSON cannot say a ${typeof value}`);
}
