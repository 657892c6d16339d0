import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type MediaRevoke, makeEvent, topics } from '@shouwang/protocol';
import { validate } from '@shouwang/protocol/validators';
import { Aedes } from 'aedes';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { systemClock } from '../lib/clock.ts';
import { silentLog } from '../lib/log.ts';
import { uuid7 } from '../lib/uuid7.ts';
import { CentreLink } from './centre-link.ts';
import { ViewJournal } from './view-journal.ts';

const EPOCH = uuid7(Date.now());

let dir: string;
let journal: ViewJournal;
let centre: Centre;
let link: CentreLink;
let revoked: [MediaRevoke['data'], number][];

/** The centre's broker as far as a node sees it: names, topics, and a PUBACK that can be held back. */
class Centre {
  readonly heard: { topic: string; payload: Record<string, unknown> }[] = [];
  logins: string[] = [];
  holdsViews = false;
  #aedes!: Aedes;
  #server!: Server;
  readonly #sockets = new Set<Socket>();

  async start(port = 0): Promise<void> {
    this.#aedes = await Aedes.createBroker({
      concurrency: 0,
      authenticate: (client, username, password, done) => {
        this.logins.push(`${client.id} ${username} ${password}`);
        done(null, true);
      },
      authorizePublish: (_client, packet, done) => {
        if (this.holdsViews && packet.topic.endsWith('/view')) return;
        this.heard.push({ topic: packet.topic, payload: JSON.parse(packet.payload.toString()) });
        done(null);
      },
    });
    this.#server = createServer((socket) => {
      this.#sockets.add(socket);
      this.#aedes.handle(socket);
    });
    this.#server.listen(port, '127.0.0.1');
    await once(this.#server, 'listening');
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  says(topic: string, payload: unknown): void {
    const text = typeof payload === 'string' ? payload : JSON.stringify(payload);
    this.#aedes.publish({ cmd: 'publish', topic, payload: Buffer.from(text), qos: 1, retain: false, dup: false }, () => {});
  }

  async dies(): Promise<void> {
    const closed = new Promise((resolve) => this.#server.close(resolve));
    for (const s of this.#sockets) s.destroy();
    await closed;
    await new Promise<void>((resolve) => this.#aedes.close(() => resolve()));
  }

  kinds(): string[] {
    return this.heard.map((h) => h.topic.split('/').at(-1)!);
  }
}

beforeEach(async () => {
  dir = mkdtempSync(join(tmpdir(), 'shouwang-link-'));
  journal = new ViewJournal({ path: join(dir, 'views.jsonl'), source: 'media/m1', now: () => Date.now() });
  centre = new Centre();
  await centre.start();
  revoked = [];
  link = new CentreLink({
    mqttUrl: `mqtt://127.0.0.1:${centre.port}`,
    node: 'm1',
    secret: 'node-secret',
    epoch: EPOCH,
    publicUrl: 'http://127.0.0.1:8810',
    cameras: [{ id: 'gate', name: '大门口', place: '平安村', area: '522328101201', householdsOf: [] }],
    journal,
    clock: systemClock,
    log: silentLog,
    onRevoke: (...r) => revoked.push(r),
    reconnectMs: 50,
  });
});

afterEach(async () => {
  await link.close(0);
  await centre.dies();
  journal.close();
  rmSync(dir, { recursive: true, force: true });
});

test('a centre that acknowledges nothing does not hold up the end of the process', async () => {
  centre.holdsViews = true;
  link.start();
  await vi.waitFor(() => expect(centre.kinds()).toContain('cameras'));
  watches();
  await link.close(50);
  expect(link.connected).toBe(false);
  expect(journal.queue).toHaveLength(1);
}, 3000);

function watches(phase: 'started' | 'ended' = 'started'): void {
  const now = Date.now();
  journal.add({
    epoch: EPOCH,
    viewId: uuid7(now),
    phase,
    grantId: uuid7(now),
    cameraId: 'gate',
    at: now,
    ...(phase === 'ended' ? { why: 'closed' as const } : {}),
  });
}

describe('the link to the centre', () => {
  test('logs in as its node, and says hello with its cameras', async () => {
    link.start();
    await vi.waitFor(() => expect(centre.kinds()).toEqual(['hello', 'cameras']));
    expect(centre.logins).toEqual(['media-m1 media:m1 node-secret']);
    const [hello, cameras] = centre.heard;
    expect(hello!.topic).toBe(topics.mediaUp('m1', 'hello'));
    expect(validate('MediaHello', hello!.payload).data).toEqual({ epoch: EPOCH, publicUrl: 'http://127.0.0.1:8810' });
    expect(validate('MediaCameras', cameras!.payload).data.cameras.map((c) => c.id)).toEqual(['gate']);
  });

  test('reports views in order, those from before the connection too', async () => {
    watches('started');
    link.start();
    await vi.waitFor(() => expect(centre.kinds()).toEqual(['hello', 'cameras', 'view']));
    watches('ended');
    await vi.waitFor(() => expect(centre.kinds()).toEqual(['hello', 'cameras', 'view', 'view']));
    expect(centre.heard.slice(2).map((h) => validate('MediaView', h.payload).data.phase)).toEqual(['started', 'ended']);
    await vi.waitFor(() => expect(journal.queue).toEqual([]));
  });

  test('keeps a view until the centre has acknowledged it, and sends it again with the same id', async () => {
    centre.holdsViews = true;
    link.start();
    await vi.waitFor(() => expect(centre.kinds()).toEqual(['hello', 'cameras']));
    watches();
    const { id } = journal.queue[0]!;
    const { port } = centre;
    await centre.dies();
    expect(journal.queue).toHaveLength(1);
    centre = new Centre();
    await centre.start(port);
    await vi.waitFor(() => expect(journal.queue).toEqual([]), 5000);
    // What was under way when the connection broke is sent again at once, before the greeting.
    await vi.waitFor(() => expect(centre.kinds()).toEqual(expect.arrayContaining(['hello', 'cameras', 'view'])));
    expect(centre.heard.filter((h) => h.topic.endsWith('/view')).every((h) => h.payload.id === id)).toBe(true);
  });

  test('hears what is revoked, and when; what cannot be read does no harm', async () => {
    link.start();
    await vi.waitFor(() => expect(centre.kinds()).toContain('cameras'));
    const topic = topics.mediaDown('m1', 'revoke');
    centre.says(topic, 'not json');
    centre.says(topic, { type: 'other' });
    const now = Date.now() - 5000;
    centre.says(topic, makeEvent('cn.shouwang.media.revoke.v1', 'centre', uuid7(now), now, { cameraId: 'gate' }));
    await vi.waitFor(() => expect(revoked).toEqual([[{ cameraId: 'gate' }, now]]));
  });

  test('gives the last views time to get out', async () => {
    link.start();
    await vi.waitFor(() => expect(centre.kinds()).toContain('cameras'));
    watches('ended');
    await link.close(2000);
    expect(centre.kinds().at(-1)).toBe('view');
    expect(journal.queue).toEqual([]);
  });
});
