/** The bridge against a real MQTT broker, over real sockets. */
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createServer as createTlsServer } from 'node:tls';
import { validate } from '@shouwang/protocol/validators';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createSimulatedBox, type SimulatedBox } from '../../simulator/index.ts';
import { TestAuthority } from '../testing/authority.ts';
import { FakeCentre } from '../testing/fake-centre.ts';
import { TvPage } from '../testing/tv-page.ts';
import { until } from '../testing/until.ts';

let dir: string;
let centre: FakeCentre;
const boxes: SimulatedBox[] = [];

beforeEach(async () => {
  dir = mkdtempSync(join(tmpdir(), 'uplink-'));
  centre = await new FakeCentre().start();
});
afterEach(async () => {
  for (const box of boxes.splice(0)) await box.close();
  await centre.stop();
  rmSync(dir, { recursive: true, force: true });
});

async function startBox(uplink: object = {}, at: object = { mqttUrl: centre.url }): Promise<SimulatedBox> {
  const box = createSimulatedBox(
    {
      dataDir: dir,
      centre: at,
      uplink: { reconnectMinMs: 50, reconnectMaxMs: 100, retryMinMs: 50, retryMaxMs: 100, ...uplink },
    },
    { secret: 'a secret' },
  );
  boxes.push(box);
  await box.start();
  return box;
}
const connected = (box: SimulatedBox) => until('connected', () => box.app.state().centre.connected);
const disconnected = (box: SimulatedBox) => until('disconnected', () => !box.app.state().centre.connected);
const files = () => readdirSync(join(dir, 'outbox')).filter((f) => f.endsWith('.json'));

async function press(box: SimulatedBox) {
  const before = box.app.state().alarm?.id;
  box.pressSos();
  return until('stored', () => {
    const { alarm } = box.app.state();
    return alarm && alarm.id !== before && alarm.storedAt !== undefined && alarm;
  });
}

describe('on connecting', () => {
  it('names itself, leaves a will, says that it is there, and asks for the truth about its open alarms', async () => {
    const box = await startBox();
    await connected(box);
    await until('synced', () => centre.of('sync').length > 0);
    expect(centre.connects[0]).toEqual({ id: 'box-0001', username: 'box:box-0001', password: 'a secret' });
    const [status] = centre.of('status');
    expect(status?.retain).toBe(true);
    expect(validate('BoxStatus', status?.message)).toMatchObject({ online: true });
    expect(validate('SyncAsked', centre.of('sync')[0]?.message).data.open).toEqual([]);

    const alarm = await press(box);
    centre.cut();
    await until('synced again', () => centre.of('sync').length > 1);
    expect(centre.of('sync')[1]?.message.data.open).toEqual([alarm.id]);
  });

  it('the status comes before the sync, and the sync before the outbox', async () => {
    await centre.stop();
    const box = await startBox();
    await press(box);
    await centre.start();
    await until('all heard', () => centre.of('alarm').length > 0);
    expect(centre.heard.slice(0, 3).map((h) => h.kind)).toEqual(['status', 'sync', 'alarm']);
  });

  it('is told apart from being connected: nobody knows whether the centre is staffed until it says so on this connection', async () => {
    const box = await startBox();
    await connected(box);
    expect(box.app.state().centre.staffed).toBeUndefined();
    centre.notice(true);
    await until('staffed', () => box.app.state().centre.staffed);
    centre.cut();
    await disconnected(box);
    expect(box.app.state().centre.staffed).toBeUndefined();
  });

  it('keeps trying while the centre refuses its credentials', async () => {
    centre.accept = false;
    const box = await startBox();
    await until('tried three times', () => centre.connects.length >= 3);
    expect(box.app.state().centre.connected).toBe(false);
    centre.accept = true;
    await connected(box);
  });
});

describe('a fault', () => {
  it('is said at once, in the heartbeat too, again after every connect while it lasts, and not after it ended', async () => {
    const box = await startBox();
    await connected(box);
    await until('the first status', () => centre.of('status').length > 0);
    expect(validate('BoxStatus', centre.of('status')[0]?.message).health).toMatchObject({
      outbox: true,
      keys: true,
      time: true,
      faults: [],
    });
    box.app.faults.begin('update', 'rolled back');
    const [said] = await until('it was said', () => centre.of('fault').length > 0 && centre.of('fault'));
    expect(said?.retain).toBe(false);
    expect(validate('FaultReported', said?.message).data).toMatchObject({ fault: 'update', detail: 'rolled back' });
    centre.cut();
    await until('said again', () => centre.of('fault').length > 1);
    await until('synced again', () => centre.of('sync').length > 1);
    expect(validate('BoxStatus', centre.of('status').at(-1)?.message).health?.faults).toEqual(['update']);
    box.app.faults.clear('update');
    await until('that it ended', () => centre.of('fault').at(-1)?.message.data.cleared);
    const count = centre.of('fault').length;
    centre.cut();
    await until('synced once more', () => centre.of('sync').length > 2);
    expect(centre.of('fault')).toHaveLength(count);
    expect(
      readdirSync(join(dir, 'outbox')).filter((f) => f.endsWith('.json')),
      'nothing of it is kept',
    ).toEqual([]);
  });
});

describe('leaving', () => {
  it('is said before the connection is closed', async () => {
    const box = await startBox();
    await connected(box);
    await box.close();
    expect(centre.of('status').map((h) => h.message)).toMatchObject([{ online: true }, { online: false }]);
  });

  it('without a word lets the will say it', async () => {
    const box = await startBox({ reconnectMinMs: 5000, reconnectMaxMs: 5000 });
    await connected(box);
    const wills: unknown[] = [];
    centre.onPublished = (topic, payload) => topic.endsWith('/status') && wills.push(JSON.parse(payload));
    centre.cut();
    await until('the will', () => wills.length > 0);
    expect(validate('BoxStatus', wills[0])).toMatchObject({ online: false });
  });
});

describe('an alarm', () => {
  it('pressed while the centre is away is stored, not called sent, and goes out when it is back, unchanged', async () => {
    await centre.stop();
    const box = await startBox();
    const alarm = await press(box);
    expect(alarm.sentAt).toBeUndefined();
    await centre.start();
    await until('sent', () => box.app.state().alarm?.sentAt);
    const [heard] = await until('heard', () => centre.of('alarm').length > 0 && centre.of('alarm'));
    expect(validate('AlarmRaised', heard?.message)).toMatchObject({ id: alarm.id, data: { pressedAt: alarm.pressedAt } });
  });

  it('is sent again with the same bytes until it is answered, over a lost connection and a restart, and only then deleted', async () => {
    const first = await startBox();
    await connected(first);
    const alarm = await press(first);
    await until('retried', () => centre.of('alarm').length >= 3);
    centre.cut();
    const before = centre.of('alarm').length;
    await until('sent again on the new connection', () => centre.of('alarm').length > before);
    await boxes.pop()?.close();
    expect(files()).toEqual([`${alarm.id}.json`]);

    const restarted = centre.of('alarm').length;
    const second = await startBox();
    await until('sent again after the restart', () => centre.of('alarm').length > restarted);
    expect(new Set(centre.of('alarm').map((h) => JSON.stringify(h.message))).size).toBe(1);
    expect(files(), 'any number of PUBACKs deletes nothing').toEqual([`${alarm.id}.json`]);
    centre.received(alarm.id);
    await until('deleted', () => files().length === 0);
    expect(second.app.state().alarm).toMatchObject({ caseNo: '20261123-0007' });
    second.pressSos();
    await until('something later was heard, after what was still on the line', () => centre.of('detail').length > 0);
    const answered = centre.of('alarm').length;
    await until('that one was retried', () => centre.of('detail').length > 2);
    expect(centre.of('alarm')).toHaveLength(answered);
  });

  it('that is rejected is kept aside and never sent again, not even after a restart', async () => {
    const box = await startBox();
    await connected(box);
    centre.onHeard = (h) => {
      if (h.kind === 'alarm') centre.rejected(h.message.id, 'ID_CONFLICT');
    };
    const { id } = await press(box);
    await until('rejected', () => box.app.state().alarm?.rejected);
    await until('set aside', () => readdirSync(join(dir, 'outbox/rejected')).length > 0);
    await boxes.pop()?.close();
    const count = centre.of('alarm').length;
    const again = await startBox();
    await until('synced', () => centre.of('sync').length > 1);
    centre.notice(true);
    await until('a later message came through', () => again.app.state().centre.staffed);
    expect(again.app.state().alarm).toMatchObject({ id, rejected: { code: 'ID_CONFLICT', phone: '0859-555-0110' } });
    expect(centre.of('alarm')).toHaveLength(count);
  });

  it('with what was said about it arrives in order: the withdrawal waits for the answer to the alarm', async () => {
    await centre.stop();
    const box = await startBox();
    const alarm = await press(box);
    await box.app.alarm.withdraw();
    await centre.start();
    await until('retried', () => centre.of('alarm').length >= 3);
    expect(centre.of('withdraw')).toEqual([]);
    centre.received(alarm.id);
    const [withdrawal] = await until('withdrawn', () => centre.of('withdraw').length > 0 && centre.of('withdraw'));
    expect(validate('AlarmWithdrawn', withdrawal?.message).data.alarmId).toBe(alarm.id);
  });
});

describe('a message from the centre that is no good', () => {
  it.each([
    ['is not JSON', '{'],
    ['breaks its schema', JSON.stringify({ specversion: '1.0', id: 'x' })],
    ['is empty', ''],
    ['is enormous', 'x'.repeat(300_000)],
  ])('because it %s is dropped, and the next good one works', async (_, payload) => {
    const box = await startBox();
    await connected(box);
    for (const kind of ['received', 'rejected', 'progress', 'cameras', 'grant', 'notice'] as const) centre.sayRaw(kind, payload);
    centre.notice(false, '新名字', '1234567');
    await until('the good one', () => box.app.state().centre.staffed === false);
    expect(box.app.state().centre).toMatchObject({ connected: true, name: '新名字', phone: '1234567' });
  });
});

describe('the centre’s name and number', () => {
  it('come from the configuration first and are kept once the centre said its own', async () => {
    const box = await startBox();
    await connected(box);
    expect(box.app.state().centre).toMatchObject({ name: '综治中心', phone: '110' });
    centre.notice(true);
    await until('told', () => box.app.state().centre.phone === '0859-555-0110');
    await boxes.pop()?.close();
    await centre.stop();
    const again = await startBox();
    expect(again.app.state().centre).toEqual({ connected: false, name: '平安镇综治中心', phone: '0859-555-0110', staffed: undefined });
  });
});

describe('a question of the page', () => {
  it('gets the answer to its own request only', async () => {
    const box = await startBox();
    const page = await TvPage.opens(box.tvUrl);
    await connected(box);
    const camera = { id: 'gate', name: '大门口', place: '村口', online: true };
    centre.onHeard = (h) => {
      if (h.kind !== 'view') return;
      const { data } = validate('ViewAsked', h.message);
      const requestId = h.message.id;
      if (data.ask === 'cameras') {
        centre.say('cameras', 'cn.shouwang.box.cameras.v1', { requestId, boxId: 'box-0002', cameras: [] });
        centre.say('cameras', 'cn.shouwang.box.cameras.v1', { requestId, boxId: 'box-0001', cameras: [camera] });
      } else {
        const grants = [{ cameraId: 'gate', token: 't'.repeat(20), mediaUrl: 'http://127.0.0.1:1', expiresAt: 5 }];
        const refused = [{ cameraId: 'lane', code: 'CAMERA_NOT_GRANTED' }];
        centre.say('grant', 'cn.shouwang.box.grants.v1', { requestId, grants, refused });
      }
    };
    expect(await page.call('cameras', {})).toEqual({ cameras: [camera] });
    expect(await page.call('grants', { cameraIds: ['gate', 'lane'], reason: 'wall' })).toMatchObject({
      grants: [{ cameraId: 'gate' }],
      refused: [{ cameraId: 'lane' }],
    });
    page.close();
  });

  it('beyond the 32 that may be open is refused and not asked', async () => {
    const box = await startBox();
    const page = await TvPage.opens(box.tvUrl);
    await connected(box);
    const asked = Array.from({ length: 40 }, () => page.call('cameras', {}).catch((error: Error) => error.message));
    expect(await Promise.race(asked)).toBe('TIMEOUT');
    await press(box);
    await until('the alarm, behind the questions', () => centre.of('alarm').length > 0);
    expect(centre.of('view')).toHaveLength(32);
    page.close();
  });

  it('is TIMEOUT without an answer', async () => {
    const box = await startBox({ askTimeoutMs: 100 });
    const page = await TvPage.opens(box.tvUrl);
    await connected(box);
    await expect(page.call('cameras', {})).rejects.toThrow('TIMEOUT');
    page.close();
  });

  it('is the centre’s code when it refuses, and OFFLINE without a connection', async () => {
    const box = await startBox();
    const page = await TvPage.opens(box.tvUrl);
    await connected(box);
    centre.onHeard = (h) => {
      if (h.kind === 'view') centre.rejected(h.message.id, 'BOX_REVOKED');
    };
    await expect(page.call('cameras', {})).rejects.toThrow('BOX_REVOKED');
    await centre.stop();
    await disconnected(box);
    await expect(page.call('cameras', {})).rejects.toThrow('OFFLINE');
    page.close();
  });
});

describe('a centre that accepts connections and then says nothing', () => {
  let server: Server;
  const sockets: Socket[] = [];
  afterEach(async () => {
    for (const s of sockets.splice(0)) s.destroy();
    await new Promise((resolve) => server.close(resolve));
  });

  it('is not called connected, and nothing is called sent', async () => {
    await centre.stop();
    server = createServer((s) => sockets.push(s)).listen(centre.port, '127.0.0.1');
    const box = await startBox();
    const alarm = await press(box);
    await until('it connected', () => sockets.length > 0);
    expect(box.app.state().centre.connected).toBe(false);
    expect(alarm.sentAt).toBeUndefined();
  });
});

it('a clock that nobody confirmed keeps no alarm from the centre whose key is pinned', async () => {
  const authority = await TestAuthority.make();
  // To this box's clock the centre's certificate expired yesterday.
  const keys = await authority.server(['127.0.0.1'], { notBefore: 0, notAfter: Date.now() - 86_400_000 });
  let attempts = 0;
  const front = createTlsServer({ ...keys, minVersion: 'TLSv1.3' }, (socket) => {
    const behind = connect(Number(new URL(centre.url).port), '127.0.0.1');
    socket.pipe(behind).pipe(socket);
    socket.on('error', () => behind.destroy());
    behind.on('error', () => socket.destroy());
    socket.on('close', () => behind.destroy());
  });
  front.on('connection', () => attempts++);
  await new Promise<void>((resolve) => front.listen(0, '127.0.0.1', resolve));
  try {
    const mqttUrl = `mqtts://127.0.0.1:${(front.address() as AddressInfo).port}`;
    const box = await startBox({}, { mqttUrl, pins: [authority.pin] });
    await until('tried again after it was refused by the date', () => attempts > 1);
    expect(box.app.state().centre.connected).toBe(false);
    const { id } = await press(box);
    await until('the alarm is at the centre', () => centre.of('alarm').some((a) => (a.message as { id: string }).id === id));
    await box.close();
  } finally {
    front.close();
  }
});
