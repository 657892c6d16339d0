/** The fleet of a whole centre: real sockets, its own database, a clock that the test moves. */
import { apiPaths, type FleetBox, type FleetOverview, fleetPaths, makeEvent, topics, type WorkOrder } from '@shouwang/protocol';
import { describe, expect, it } from 'vitest';
import { uuid7 } from '../ids.ts';
import { aCentre, type CentreOptions } from '../testing/centre.ts';
import { aFolder } from '../testing/folder.ts';
import { ManualClock } from '../testing/manual-clock.ts';
import { anAlarm, VILLAGE } from '../testing/messages.ts';
import type { TestClient } from '../testing/mqtt-client.ts';
import type { TestOperator } from '../testing/operator.ts';
import { until } from '../testing/until.ts';

const HERE = 'a'.repeat(64);
const ELSEWHERE = 'b'.repeat(64);
const WELL = { outbox: true, keys: true, time: true, waiting: 0, config: 0, faults: [] as string[] };
const FLEET = { graceS: 0, wellForS: 300, orderAfterS: 3600 };

async function aFleet(options: CentreOptions & { clock?: ManualClock } = {}) {
  const clock = options.clock ?? new ManualClock(1_800_000_000_000);
  const centre = await aCentre({ ...options, clock, config: { fleet: FLEET, ...options.config } });
  const operator = await centre.operator();
  const beat = (client: TestClient, boxId: string, more: object = {}) =>
    client.publishes(topics.boxStatus(boxId), { online: true, at: 1, version: '1.2.3', health: WELL, neighbourhood: HERE, ...more });
  const box = async (boxId: string): Promise<FleetBox> =>
    (await operator.json('GET', `${fleetPaths.fleetBoxes}?limit=500`)).boxes.find((b: FleetBox) => b.boxId === boxId);
  const orders = async (state = 'open'): Promise<WorkOrder[]> =>
    (await operator.json('GET', `${fleetPaths.workOrders}?state=${state}`)).orders;
  return { clock, centre, operator, beat, box, orders };
}
const reports = (client: TestClient, boxId: string, data: object) =>
  client.publishes(topics.boxUp(boxId, 'fault'), makeEvent('cn.shouwang.box.fault.v1', `box/${boxId}`, uuid7(Date.now()), 1, data));
/** Waits for the store's answer to what a tick wrote. */
const settles = <T>(clock: ManualClock, what: string, probe: () => Promise<T>) =>
  until(what, () => {
    clock.passes(1000);
    return probe();
  });

describe('a box', () => {
  it('that was never heard is unseen; heard, it is online; silent, suspect within 90 s; then offline', async () => {
    const { clock, centre, beat, box } = await aFleet();
    expect(await box('box-0001')).toMatchObject({ presence: 'unseen', faults: [] });
    const client = await centre.box('box-0001');
    await beat(client, 'box-0001');
    expect(await box('box-0001')).toMatchObject({ presence: 'online', version: '1.2.3', health: { keys: true }, heardAt: clock.now() });
    await client.leaves();
    clock.passes(84_000);
    expect((await box('box-0001')).presence).toBe('online');
    clock.passes(6000);
    expect((await box('box-0001')).presence).toBe('suspect');
    clock.passes(520_000);
    expect((await box('box-0001')).presence).toBe('offline');
  });

  it('that dies has a work order after a while, which closes itself when it has been back for a while', async () => {
    const { clock, centre, beat, orders } = await aFleet();
    const client = await centre.box('box-0001');
    await beat(client, 'box-0001');
    const heardAt = clock.now();
    clock.passes(3_590_000);
    expect(await orders()).toEqual([]);
    await settles(clock, 'an order', async () => (await orders()).length > 0);
    const [order] = await orders();
    expect(order).toMatchObject({ boxId: 'box-0001', kind: 'offline', since: heardAt, areaName: '平安村' });
    for (let i = 0; i < 4; i++) {
      await beat(client, 'box-0001');
      clock.passes(60_000);
    }
    expect(await orders()).toHaveLength(1);
    await beat(client, 'box-0001');
    clock.passes(60_000);
    await settles(clock, 'it closed', async () => (await orders()).length === 0);
    const [closed] = await orders('closed');
    expect(closed?.history.map((h) => [h.event, h.by])).toEqual([
      ['opened', 'clock'],
      ['closed', 'clock'],
    ]);
  });

  it('whose faults come and go for hours has one order', async () => {
    const { clock, centre, operator, beat, box, orders } = await aFleet();
    const client = await centre.box('box-0001');
    await beat(client, 'box-0001');
    await reports(client, 'box-0001', { fault: 'flash', at: 1, detail: 'EROFS' });
    expect((await box('box-0001')).faults).toEqual([{ kind: 'flash', since: clock.now(), detail: 'EROFS' }]);
    await settles(clock, 'an order', async () => (await orders()).length > 0);
    for (let i = 0; i < 4; i++) {
      await reports(client, 'box-0001', { fault: 'flash', at: 1, cleared: true });
      for (let m = 0; m < 6; m++) {
        clock.passes(60_000);
        await beat(client, 'box-0001');
      }
      await settles(clock, 'closed', async () => (await orders()).length === 0);
      await reports(client, 'box-0001', { fault: 'flash', at: 1, detail: 'EIO' });
      await settles(clock, 'open again', async () => (await orders()).length === 1);
    }
    const [order] = await orders();
    expect(order).toMatchObject({ id: 1, reopened: 4, detail: 'EIO' });
    expect(await orders('closed')).toEqual([]);
    const { rows } = await operator.json('GET', `${apiPaths.ledger}?limit=1000`);
    expect(rows.filter((r: { kind: string }) => r.kind === 'order.reopened')).toHaveLength(4);
  });

  it('whose report that a fault ended got lost is believed by its next heartbeat', async () => {
    const { centre, beat, box } = await aFleet();
    const client = await centre.box('box-0001');
    await reports(client, 'box-0001', { fault: 'keys', at: 1 });
    await beat(client, 'box-0001', { health: { ...WELL, faults: ['config'] } });
    expect((await box('box-0001')).faults.map((f) => f.kind)).toEqual(['config']);
  });

  it('whose last will arrives is not heard by that', async () => {
    const { clock, centre, beat, box } = await aFleet();
    const client = await centre.box('box-0001');
    await beat(client, 'box-0001');
    clock.passes(60_000);
    await client.publishes(topics.boxStatus('box-0001'), { online: false, at: 1, version: '1' });
    clock.passes(30_000);
    expect((await box('box-0001')).presence).toBe('suspect');
  });

  it('that sends an alarm and no heartbeat is heard all the same', async () => {
    const { centre, box } = await aFleet();
    const client = await centre.box('box-0002');
    await client.publishes(topics.boxUp('box-0002', 'alarm'), anAlarm('box-0002'));
    expect((await box('box-0002')).presence).toBe('online');
  });
});

describe('when the centre was down', () => {
  it('everything is remembered, and nobody is declared dead for it', async () => {
    const folder = aFolder();
    const clock = new ManualClock(1_800_000_000_000);
    const config = { fleet: { ...FLEET, graceS: 120 } };
    const first = await aFleet({ folder, clock, config });
    const one = await first.centre.box('box-0001');
    await first.beat(one, 'box-0001');
    await reports(one, 'box-0001', { fault: 'flash', at: 1 });
    await settles(clock, 'an order', async () => (await first.orders()).length > 0);
    await first.centre.close();

    clock.passes(86_400_000);
    const second = await aFleet({ folder, clock, config });
    clock.passes(110_000);
    expect(await second.box('box-0001')).toMatchObject({ presence: 'online', version: '1.2.3', faults: [{ kind: 'flash' }] });
    expect(await second.orders()).toHaveLength(1);
    clock.passes(11_000);
    expect((await second.box('box-0001')).presence).toBe('suspect');
  });
});

describe('tests', () => {
  it('that a box or its family did not make in time are a fault until they are made', async () => {
    const config = { fleet: { ...FLEET, selfTestS: 7200, personTestS: 10_000 } };
    const { clock, centre, beat, box, orders } = await aFleet({ config });
    const client = await centre.box('box-0001');
    for (let s = 0; s < 7800; s += 60) {
      await beat(client, 'box-0001');
      clock.passes(60_000);
    }
    expect((await box('box-0001')).faults.map((f) => f.kind)).toEqual(['self-test']);
    await settles(clock, 'an order', async () => (await orders()).some((o) => o.kind === 'self-test'));
    for (let s = 0; s < 3000; s += 60) {
      await beat(client, 'box-0001');
      clock.passes(60_000);
    }
    expect((await box('box-0001')).faults.map((f) => f.kind)).toEqual(['self-test', 'person-test']);
    const test = (by: 'self' | 'person') =>
      client.publishes(
        topics.boxUp('box-0001', 'test'),
        makeEvent('cn.shouwang.box.test.v1', 'box/box-0001', uuid7(Date.now()), 1, { at: 1, by }),
      );
    await test('self');
    expect((await box('box-0001')).faults.map((f) => f.kind)).toEqual(['person-test']);
    await test('person');
    expect((await box('box-0001')).faults).toEqual([]);
  });
});

describe('a test that is overdue', () => {
  it('still is after a restart, also of a box that is away: its order stays open', async () => {
    const folder = aFolder();
    const clock = new ManualClock(1_800_000_000_000);
    const config = { fleet: { ...FLEET, selfTestS: 7200, suspectAfterS: 600, offlineAfterS: 900 } };
    const first = await aFleet({ folder, clock, config });
    const client = await first.centre.box('box-0001');
    for (let s = 0; s < 8400; s += 300) {
      await first.beat(client, 'box-0001');
      clock.passes(300_000);
    }
    await settles(clock, 'an order', async () => (await first.orders()).some((o) => o.kind === 'self-test'));
    clock.passes(1_000_000);
    await first.centre.close();

    const second = await aFleet({ folder, clock, config });
    clock.passes(400_000);
    expect((await second.box('box-0001')).faults.map((f) => f.kind)).toEqual(['self-test']);
    expect((await second.orders()).map((o) => o.kind)).toEqual(['self-test']);
  });
});

describe('counts', () => {
  it('are by village, below an area, without revoked boxes', async () => {
    const { centre, operator, beat } = await aFleet();
    const client = await centre.box('box-0001');
    await beat(client, 'box-0001', { health: { ...WELL, faults: ['keys'] } });
    const all: FleetOverview = await operator.json('GET', fleetPaths.fleet);
    expect(all.total).toMatchObject({ boxes: 3, online: 1, unseen: 2, faulty: 1, inDoubt: 0 });
    expect(all.villages.map((v) => [v.area, v.areaName, v.boxes])).toEqual([
      [VILLAGE, '平安村', 2],
      ['522401001001', '522401001001', 1],
    ]);
    const county: FleetOverview = await operator.json('GET', `${fleetPaths.fleet}?area=522328`);
    expect(county.villages).toHaveLength(1);
    await expect(operator.json('GET', `${fleetPaths.fleet}?area=x`)).rejects.toThrow('BAD_PAYLOAD');
  });
});

describe('the list of boxes', () => {
  it('comes in pages, by state', async () => {
    const { operator, centre, beat } = await aFleet();
    const ids = async (query: string) => {
      const { boxes, next } = await operator.json('GET', `${fleetPaths.fleetBoxes}?${query}`);
      return [boxes.map((b: FleetBox) => b.boxId), next];
    };
    expect(await ids('limit=2')).toEqual([['box-0001', 'box-0002'], 'box-0002']);
    expect(await ids('limit=2&after=box-0002')).toEqual([['box-far'], undefined]);
    const client = await centre.box('box-0001');
    await beat(client, 'box-0001', { health: { ...WELL, faults: ['keys'] } });
    expect(await ids('state=not-well')).toEqual([['box-0001'], undefined]);
    expect(await ids('state=faulty&area=522401')).toEqual([[], undefined]);
    expect(await ids('state=unseen')).toEqual([['box-0002', 'box-far'], undefined]);
    await expect(ids('state=asleep')).rejects.toThrow('BAD_PAYLOAD');
  });
});

describe('who lives with a box', () => {
  it('is in no list; it is told to an operator who says why, and each look is on the record without a name in it', async () => {
    const { clock, centre, operator, orders } = await aFleet();
    const client = await centre.box('box-0001');
    await reports(client, 'box-0001', { fault: 'flash', at: 1 });
    await settles(clock, 'an order', async () => (await orders()).length > 0);
    const lists = JSON.stringify([await operator.json('GET', fleetPaths.fleetBoxes), await orders()]);
    expect(lists).not.toMatch(/王秀英|平安村3组|139/);
    const look = (who: TestOperator, body: object, boxId = 'box-0001') => who.json('POST', fleetPaths.household(boxId), body);
    expect(await look(operator, { why: 'repair' })).toMatchObject({
      name: '王秀英',
      phone: expect.any(String),
      address: expect.any(String),
    });
    await expect(look(operator, { why: 'curious' })).rejects.toThrow('BAD_PAYLOAD');
    await expect(look(operator, { why: 'repair' }, 'box-none')).rejects.toThrow('BOX_UNKNOWN');
    const admin = await centre.operator('guanli');
    for (const [who, why] of [
      [await centre.operator('shenji'), 'repair'],
      [admin, 'repair'],
      [operator, 'activation'],
    ] as const)
      await expect(look(who, { why })).rejects.toThrow('NOT_ALLOWED');
    await look(admin, { why: 'activation' });
    const { rows } = await operator.json('GET', `${apiPaths.ledger}?limit=1000`);
    const looks = rows.filter((r: { kind: string }) => r.kind === 'household.looked-up');
    expect(looks.map((l: { event: string }) => JSON.parse(l.event).data.why)).toEqual(['repair', 'activation']);
    expect(JSON.stringify(looks)).not.toMatch(/王秀英|zhiban|guanli|box-0001/);
  });
});

describe('a work order', () => {
  it('is noted and assigned by a person, not by an auditor, and that is on the record', async () => {
    const { clock, centre, operator, orders } = await aFleet();
    const client = await centre.box('box-0001');
    await reports(client, 'box-0001', { fault: 'flash', at: 1 });
    await settles(clock, 'an order', async () => (await orders()).length > 0);
    const note = (who: TestOperator, body: object, id: number | string = 1) => who.json('POST', fleetPaths.workOrderNotes(id), body);
    const order: WorkOrder = await note(operator, { text: '明天上门', assignee: '张师傅' });
    expect(order).toMatchObject({
      assignee: '张师傅',
      history: [{ event: 'opened' }, { event: 'assigned' }, { event: 'noted', by: '综治中心值班员' }],
    });
    expect((await note(operator, { assignee: '' })).assignee).toBeUndefined();
    await expect(note(operator, {})).rejects.toThrow('BAD_PAYLOAD');
    await expect(note(operator, { text: 'x' }, 99)).rejects.toThrow('ORDER_UNKNOWN');
    await expect(note(operator, { text: 'x' }, 'x')).rejects.toThrow('ORDER_UNKNOWN');
    await expect(note(await centre.operator('shenji'), { text: 'x' })).rejects.toThrow('NOT_ALLOWED');
    const { rows } = await operator.json('GET', `${apiPaths.ledger}?limit=1000`);
    const noted = rows.find((r: { kind: string }) => r.kind === 'order.noted');
    expect(noted.event).toMatch(/"textSha256":"[0-9a-f]{64}"/);
    expect(noted.event).not.toContain('明天');
  });
});

describe('a box that stands in another network neighbourhood', () => {
  it('is 地址待核实 in list and case, after a restart too, until a person confirms the address', async () => {
    const folder = aFolder();
    const clock = new ManualClock(1_800_000_000_000);
    const first = await aFleet({ folder, clock });
    await first.operator.listens();
    const client = await first.centre.box('box-0001');
    await first.beat(client, 'box-0001');
    await first.beat(client, 'box-0001', { neighbourhood: undefined });
    expect((await first.box('box-0001')).addressInDoubtSince).toBeUndefined();
    await first.beat(client, 'box-0001', { neighbourhood: ELSEWHERE });
    const since = clock.now();
    await client.publishes(topics.boxUp('box-0001', 'alarm'), anAlarm('box-0001'));
    const opened = await first.operator.hears('opened');
    expect(opened.view.household.addressInDoubtSince).toBe(since);
    await first.centre.close();

    const second = await aFleet({ folder, clock });
    const confirm = (who: TestOperator) => who.json('POST', fleetPaths.confirmAddress('box-0001'));
    expect((await second.box('box-0001')).addressInDoubtSince).toBe(since);
    const again = await second.centre.box('box-0001');
    await second.beat(again, 'box-0001');
    expect((await second.box('box-0001')).addressInDoubtSince).toBe(since);
    await second.beat(again, 'box-0001', { neighbourhood: ELSEWHERE });
    await expect(confirm(await second.centre.operator('shenji'))).rejects.toThrow('NOT_ALLOWED');
    expect((await confirm(second.operator)).addressInDoubtSince).toBeUndefined();
    await second.beat(again, 'box-0001', { neighbourhood: ELSEWHERE });
    expect((await second.box('box-0001')).addressInDoubtSince).toBeUndefined();
    await second.beat(again, 'box-0001');
    expect((await second.box('box-0001')).addressInDoubtSince).toBe(clock.now());
    const { rows } = await second.operator.json('GET', `${apiPaths.ledger}?limit=1000`);
    const kinds = rows.map((r: { kind: string }) => r.kind);
    expect(kinds.filter((k: string) => /^box\.(moved|address)/.test(k))).toEqual(['box.moved', 'box.address-confirmed']);
  });
});
