/** A media node in the test's hand, as the centre's clips need one. */
import { createHash, generateKeyPairSync } from 'node:crypto';
import { apiPaths, type ClipReported, type EvidenceKeyTold, topics } from '@shouwang/protocol';
import { uuid7 } from '../ids.ts';
import { type TestCentre, VILLAGE } from './centre.ts';
import { anAlarm } from './messages.ts';
import type { TestOperator } from './operator.ts';
import { until } from './until.ts';

/** When these tests begin; ms. */
export const T = 1_767_225_600_000;
const event = (type: string, data: object) => ({ ...anAlarm('x'), type, data });
export const camera = (id: string, lat: number, householdsOf = [VILLAGE]) => ({
  id,
  name: `${id}口`,
  place: '平安村',
  area: VILLAGE,
  position: { lat, lon: 105.471 },
  householdsOf,
});
const CAMERAS = [
  camera('far', 25.2),
  camera('gate', 25.1011),
  camera('hidden', 25.101, []),
  camera('lane', 25.102),
  camera('river', 25.103),
];

/** As a node makes it at its first start. */
export function aKey(): EvidenceKeyTold['data'] {
  const der = generateKeyPairSync('ed25519').publicKey.export({ type: 'spki', format: 'der' });
  return { kid: createHash('sha256').update(der).digest('hex'), alg: 'Ed25519', publicKey: der.toString('base64') };
}

/** A media node in the test's hand: what it was asked, and what it says. */
export async function aNode(centre: TestCentre, node = 'media-01', cameras = CAMERAS) {
  const client = await centre.connects(`media:${node}`);
  await client.subscribes(topics.mediaDownAny(node));
  const says = (kind: 'hello' | 'cameras' | 'key' | 'clip' | 'faults', type: string, data: object) =>
    client.publishes(topics.mediaUp(node, kind), event(type, data));
  await says('hello', 'cn.shouwang.media.hello.v1', { epoch: uuid7(Date.now()), publicUrl: 'http://127.0.0.1:8810' });
  await says('cameras', 'cn.shouwang.media.cameras.v1', { cameras });
  const key = aKey();
  await says('key', 'cn.shouwang.media.key.v1', key);
  const asked = () => client.heard.filter((h) => h.topic.endsWith('/down/clip')).map((h) => h.event);
  return {
    client,
    asked,
    says,
    kid: key.kid,
    key: () => says('key', 'cn.shouwang.media.key.v1', key),
    /** Waits until so many wishes were heard. */
    hearsWishes: (n: number) => until(`${n} wishes`, () => (asked().length >= n ? asked() : undefined)),
    reports: (wish: { data: { clipId: string; caseNo: string; cameraId: string } }, change: Partial<ClipReported['data']>) =>
      says('clip', 'cn.shouwang.media.clip.v1', {
        clipId: wish.data.clipId,
        caseNo: wish.data.caseNo,
        cameraId: wish.data.cameraId,
        revision: 2,
        state: 'complete',
        parts: [part()],
        gaps: [],
        at: T,
        ...change,
      }),
  };
}

export function part(): ClipReported['data']['parts'][number] {
  const hash = (c: string) => c.repeat(64);
  return {
    n: 1,
    stage: 'whole',
    from: T - 30_000,
    to: T + 60_000,
    frames: 2250,
    bytes: 1000,
    durationMs: 90_000,
    codec: 'h264',
    fileSha256: hash('a'),
    manifestSha256: hash('b'),
    kid: hash('c'),
  };
}

export async function presses(centre: TestCentre, data: object = {}) {
  const box = await centre.box();
  const alarm = anAlarm('box-0001', data);
  await box.publishes(topics.boxUp('box-0001', 'alarm'), alarm);
  const { event: received } = await box.hears('/down/received', (e) => e.data.alarmId === alarm.id);
  return { box, alarm, caseNo: received.data.caseNo as string };
}

/** The data of what the ledger has of one kind, the oldest first. */
export async function ledger(operator: TestOperator, kind: string) {
  const { rows } = await operator.json('GET', `${apiPaths.ledger}?limit=1000`);
  return rows.filter((r: { kind: string }) => r.kind === kind).map((r: { event: string }) => JSON.parse(r.event).data);
}
