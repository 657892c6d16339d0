/** Who is at the other end of an MQTT connection. */
/** `expired`: a box whose certificate has expired is in for alarms and renewal alone. */
export type Principal =
  | { kind: 'box'; boxId: string; expired?: true | undefined }
  | { kind: 'integrator'; name: string }
  | { kind: 'media'; node: string };

/** Reads an MQTT user name: `box:ID`, `integrator:NAME`, `media:NODE`. */
export function parseUserName(userName: string | undefined): Principal | undefined {
  const at = userName?.indexOf(':') ?? -1;
  if (!userName || at < 0) return undefined;
  const name = userName.slice(at + 1);
  if (!name) return undefined;
  switch (userName.slice(0, at)) {
    case 'box':
      return { kind: 'box', boxId: name };
    case 'integrator':
      return { kind: 'integrator', name };
    case 'media':
      return { kind: 'media', node: name };
    default:
      return undefined;
  }
}

/** The user name of a principal. */
export function principalName(p: Principal): string {
  return p.kind === 'box' ? `box:${p.boxId}` : p.kind === 'media' ? `media:${p.node}` : `integrator:${p.name}`;
}
