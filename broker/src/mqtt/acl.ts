/** Who may publish, subscribe to and hear what. Pure. */
import { areaContains, type DownKind, type ErrorCode, parseTopic, ROOT, topicMatches, topics, type UpKind } from '@shouwang/protocol';
import type { Principal } from './principal.ts';

export interface IntegratorRights {
  areas: string[];
  maySeeSilent: boolean;
}

/** What only the payload of a case event says. */
export interface PayloadFacts {
  area(): string | undefined;
  silent(): boolean;
}

/** What a box with an expired certificate may still say, and is told: alarms and what follows them, its state, its renewal. No pictures. */
const SAID_WHEN_EXPIRED: readonly UpKind[] = ['alarm', 'withdraw', 'detail', 'rating', 'test', 'fault', 'renew', 'sync'];
const TOLD_WHEN_EXPIRED: readonly DownKind[] = ['received', 'rejected', 'progress', 'notice', 'certificate'];

/** undefined: allowed. */
export function publishRefusal(p: Principal, topic: string): ErrorCode | undefined {
  const parsed = parseTopic(topic);
  switch (p.kind) {
    case 'box': {
      if (parsed && 'boxId' in parsed) {
        if (parsed.boxId !== p.boxId) return 'NOT_YOUR_TOPIC';
        return p.expired && parsed.to === 'box-up' && !SAID_WHEN_EXPIRED.includes(parsed.kind) ? 'CERT_EXPIRED' : undefined;
      }
      const own = topic.startsWith(`${ROOT}/box/${p.boxId}/up/`);
      // A kind that only a newer box knows is no attack.
      return own ? 'UNKNOWN_TOPIC' : 'NOT_YOUR_TOPIC';
    }
    case 'integrator':
      return parsed?.to === 'case-command' ? undefined : 'NOT_YOUR_TOPIC';
    case 'media': {
      if (parsed?.to === 'media-up') return parsed.node === p.node ? undefined : 'NOT_YOUR_TOPIC';
      return topic.startsWith(`${ROOT}/media/${p.node}/up/`) ? 'UNKNOWN_TOPIC' : 'NOT_YOUR_TOPIC';
    }
  }
}

/** Whether a filter may be subscribed to. `areas` are an integrator's. */
export function maySubscribe(p: Principal, filter: string, areas: string[] = []): boolean {
  switch (p.kind) {
    case 'box':
      return below(filter, topics.boxDownAny(p.boxId));
    case 'media':
      return below(filter, topics.mediaDownAny(p.node));
    case 'integrator':
      return filter === topics.integratorReply(p.name) || areas.some((area) => touchesArea(filter, area));
  }
}

/**
 * Whether a message may be handed to this client: the second line behind `maySubscribe`, and what narrows an
 * integrator's wide filter (`sw/v1/case/+/+/+/+`) to its areas, and to what is not silent. The payload is asked only
 * where the topic is too coarse.
 */
export function mayReceive(p: Principal, topic: string, rights: IntegratorRights, about: PayloadFacts): boolean {
  switch (p.kind) {
    case 'box':
      if (p.expired) return TOLD_WHEN_EXPIRED.some((kind) => topics.boxDown(p.boxId, kind) === topic);
      return topicMatches(topics.boxDownAny(p.boxId), topic);
    case 'media':
      return topicMatches(topics.mediaDownAny(p.node), topic);
    case 'integrator': {
      if (topic === topics.integratorReply(p.name)) return true;
      if (!topicMatches(topics.caseEventAny, topic)) return false;
      if (!rights.maySeeSilent && about.silent()) return false;
      const area = areaOfTopic(topic);
      return rights.areas.some((a) => (a.length > 12 ? areaContains(a, about.area() ?? '') : areaContains(a, area)));
    }
  }
}

/** `sw/v1/case/522328/101/201/opened` → `522328101201`; levels that are `-` are left out. */
function areaOfTopic(topic: string): string {
  return topic
    .split('/')
    .slice(3, 6)
    .filter((level) => level !== '-')
    .join('');
}

/** Whether everything that `filter` matches is matched by `allowed`, which ends in one `+` and holds no other wildcard. */
function below(filter: string, allowed: string): boolean {
  const prefix = allowed.slice(0, -1);
  return (
    filter.startsWith(prefix) &&
    !filter.slice(prefix.length).includes('/') &&
    (filter === allowed || !/[+#]/.test(filter.slice(prefix.length)))
  );
}

/**
 * Whether a case-event filter can match anything inside `area`. It must spell `sw/v1/case` out, so that nothing but case
 * topics can match; a wider area than one's own is narrowed when messages are handed over.
 */
function touchesArea(filter: string, area: string): boolean {
  const f = filter.split('/');
  const want = [...ROOT.split('/'), 'case'];
  if (want.some((level, i) => f[i] !== level) || f.length > 7) return false;
  const levels = [area.slice(0, 6), area.slice(6, 9), area.slice(9, 12)];
  const rest = f.slice(3);
  if (rest.length === 0) return false;
  for (const [i, level] of rest.entries()) {
    if (level === '#') return true;
    const own = levels[i];
    if (i < 3 && level !== '+' && own && level !== own) return false;
  }
  return f.length === 7;
}
