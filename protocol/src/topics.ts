/**
 * MQTT topics: the only place where their strings are spelled.
 * State is retained, commands never are. A box uses its own id's topics only.
 */
export const ROOT = 'sw/v1';

/** What a box sends: QoS 1, never retained. */
export const UP_KINDS = ['alarm', 'withdraw', 'detail', 'rating', 'test', 'fault', 'renew', 'sync', 'view'] as const;
export type UpKind = (typeof UP_KINDS)[number];

/** What only the centre sends to a box: QoS 1. */
export const DOWN_KINDS = ['received', 'rejected', 'progress', 'cameras', 'grant', 'notice', 'notices', 'config', 'certificate'] as const;
export type DownKind = (typeof DOWN_KINDS)[number];

/** What a media node tells the centre. */
export const MEDIA_UP_KINDS = ['hello', 'cameras', 'view', 'refusal', 'key', 'clip', 'faults'] as const;
export type MediaUpKind = (typeof MEDIA_UP_KINDS)[number];

/** What the centre tells a media node. */
export const MEDIA_DOWN_KINDS = ['revoke', 'clip'] as const;
export type MediaDownKind = (typeof MEDIA_DOWN_KINDS)[number];

export const topics = {
  boxUp: (boxId: string, kind: UpKind) => `${ROOT}/box/${boxId}/up/${kind}`,
  boxUpAny: `${ROOT}/box/+/up/+`,
  boxStatus: (boxId: string) => `${ROOT}/box/${boxId}/status`,
  boxDown: (boxId: string, kind: DownKind) => `${ROOT}/box/${boxId}/down/${kind}`,
  boxDownAny: (boxId: string) => `${ROOT}/box/${boxId}/down/+`,
  /** `area` has at least 6 digits; levels below the area's own are `-`. */
  caseEvent: (area: string, event: string) =>
    `${ROOT}/case/${area.slice(0, 6)}/${area.slice(6, 9) || '-'}/${area.slice(9, 12) || '-'}/${event}`,
  caseEventAny: `${ROOT}/case/+/+/+/+`,
  caseCommand: (caseNo: string) => `${ROOT}/case/${caseNo}/command`,
  integratorReply: (name: string) => `${ROOT}/integrator/${name}/reply`,
  mediaUp: (node: string, kind: MediaUpKind) => `${ROOT}/media/${node}/up/${kind}`,
  mediaDown: (node: string, kind: MediaDownKind) => `${ROOT}/media/${node}/down/${kind}`,
  mediaDownAny: (node: string) => `${ROOT}/media/${node}/down/+`,
} as const;

export type ParsedTopic =
  | { to: 'box-up'; boxId: string; kind: UpKind }
  | { to: 'box-status'; boxId: string }
  | { to: 'case-command'; caseNo: string }
  | { to: 'media-up'; node: string; kind: MediaUpKind };

/** Reads a topic that somebody publishes *to the centre*. Returns undefined for anything else. */
export function parseTopic(topic: string): ParsedTopic | undefined {
  const p = topic.split('/');
  if (p[0] !== 'sw' || p[1] !== 'v1') return undefined;
  const [, , kind, id, a, b] = p;
  if (!id) return undefined;
  if (kind === 'box' && p.length === 5 && a === 'status') return { to: 'box-status', boxId: id };
  if (kind === 'box' && p.length === 6 && a === 'up' && (UP_KINDS as readonly string[]).includes(b ?? ''))
    return { to: 'box-up', boxId: id, kind: b as UpKind };
  if (kind === 'case' && p.length === 5 && a === 'command') return { to: 'case-command', caseNo: id };
  if (kind === 'media' && p.length === 6 && a === 'up' && (MEDIA_UP_KINDS as readonly string[]).includes(b ?? ''))
    return { to: 'media-up', node: id, kind: b as MediaUpKind };
  return undefined;
}

/** Reads a topic on which the centre speaks to a box. Returns undefined for anything else. */
export function parseBoxDown(topic: string): { boxId: string; kind: DownKind } | undefined {
  const [root, version, box, boxId, down, kind, more] = topic.split('/');
  if (`${root}/${version}` !== ROOT || box !== 'box' || down !== 'down' || !boxId || more !== undefined) return undefined;
  return (DOWN_KINDS as readonly string[]).includes(kind ?? '') ? { boxId, kind: kind as DownKind } : undefined;
}

/** Whether a topic filter (with `+` and `#`, MQTT 3.1.1 §4.7) matches a topic. Topics that begin with `$` match no wildcard at their first level [MQTT-4.7.2-1]. */
export function topicMatches(filter: string, topic: string): boolean {
  const f = filter.split('/');
  const t = topic.split('/');
  if (topic.startsWith('$') && (f[0] === '+' || f[0] === '#')) return false;
  for (let i = 0; i < f.length; i++) {
    if (f[i] === '#') return true;
    if (i >= t.length) return false;
    if (f[i] !== '+' && f[i] !== t[i]) return false;
  }
  return f.length === t.length;
}
