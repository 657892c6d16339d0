/** Clips of cases at the centre: asked for, taken, opened, held, deleted; over real sockets, with a clock that the test moves. */
import { apiPaths, evidencePaths, topics } from '@shouwang/protocol';
import { isValid } from '@shouwang/protocol/validators';
import { describe, expect, it } from 'vitest';
import { uuid7 } from '../ids.ts';
import { aCentre } from '../testing/centre.ts';
import { aNode, camera, ledger, part, presses, T } from '../testing/clip-node.ts';
import { aFolder } from '../testing/folder.ts';
import { ManualClock } from '../testing/manual-clock.ts';
import { anUpdate } from '../testing/messages.ts';
import type { TestOperator } from '../testing/operator.ts';
import { until } from '../testing/until.ts';
import { pressOf } from './clip-desk.ts';

const DAY = 86_400_000;

const clipsOf = (operator: TestOperator, caseNo: string) => operator.json('GET', evidencePaths.clips(caseNo));

describe('an alarm', () => {
  it('asks for the camera on the caller’s screen first, then for the nearest that the household may watch', async () => {
    const centre = await aCentre({ clock: new ManualClock(T) });
    const node = await aNode(centre);
    const { caseNo } = await presses(centre, { onScreen: { cameraId: 'far', pictureAt: T } });
    const wishes = await node.hearsWishes(3);
    for (const wish of wishes) expect(isValid('ClipWanted', wish)).toBe(true);
    expect(wishes.map((w) => w.data.cameraId)).toEqual(['far', 'gate', 'lane']);
    expect(wishes[0].data).toMatchObject({ caseNo, from: T - 30_000, to: T + 60_000, wanted: 'kept' });
    const operator = await centre.operator();
    expect(await ledger(operator, 'clip.asked')).toHaveLength(3);
    const { clips } = await clipsOf(operator, caseNo);
    expect(clips.map((c: { cameraId: string; state: string }) => `${c.cameraId} ${c.state}`)).toEqual([
      'far asked',
      'gate asked',
      'lane asked',
    ]);
  });

  it('silent or taken back, has its clips; neither box nor TV hears of them', async () => {
    const centre = await aCentre({ clock: new ManualClock(T) });
    const node = await aNode(centre);
    const silent = await presses(centre, { gesture: 'silent', silent: true });
    const [gate] = await node.hearsWishes(2);
    await node.reports(gate, {});
    const operator = await centre.operator();
    const { history } = await operator.json('GET', apiPaths.case(silent.caseNo));
    expect(history.at(-1)).toMatchObject({ event: 'recorded', by: 'media', text: 'gate口，90 秒' });
    expect(silent.box.heard.map((h) => h.topic.split('/').at(-1)).filter((kind) => kind !== 'notice')).toEqual(['received']);

    const loud = await presses(centre);
    // Until they are answered, wishes are said again: the next one heard may be the silent case's.
    const wish = await until('a wish of the other case', () =>
      node.asked().find((w) => w.data.caseNo === loud.caseNo && w.data.cameraId === 'gate'),
    );
    await loud.box.publishes(topics.boxUp('box-0001', 'withdraw'), anUpdate.withdraw(loud.alarm.id));
    const before = loud.box.heard.filter((h) => h.topic.endsWith('/progress')).length;
    await node.reports(wish, {});
    const { clips } = await clipsOf(operator, loud.caseNo);
    expect(clips[0]).toMatchObject({ state: 'complete', cameraId: 'gate' });
    expect(loud.box.heard.filter((h) => h.topic.endsWith('/progress'))).toHaveLength(before);
  });

  it('pressed again with another camera on the screen asks for that one, too, and for none twice', async () => {
    const clock = new ManualClock(T);
    const centre = await aCentre({ clock });
    const node = await aNode(centre);
    const { box, alarm } = await presses(centre, { onScreen: { cameraId: 'gate', pictureAt: T } });
    await node.hearsWishes(3);
    clock.passes(10_000);
    for (const cameraId of ['gate', 'far'])
      await box.publishes(
        topics.boxUp('box-0001', 'detail'),
        anUpdate.detail(alarm.id, { pressedAgain: true, onScreen: { cameraId, pictureAt: T } }),
      );
    const wishes = await node.hearsWishes(4);
    expect(wishes.map((w) => w.data.cameraId)).toEqual(['gate', 'lane', 'river', 'far']);
    expect(wishes[3].data.from).toBe(T + 10_000 - 30_000);
  });

  it('of a clock that cannot be believed is taken as pressed when it came', () => {
    expect(pressOf({ pressedAt: T - 2000, receivedAt: T })).toBe(T - 2000);
    expect(pressOf({ pressedAt: T + 86_000, receivedAt: T, clockSkewMs: 87_000 })).toBe(T - 1000);
    expect(pressOf({ pressedAt: 1000, receivedAt: T })).toBe(T);
    expect(pressOf({ pressedAt: T + 90_000, receivedAt: T })).toBe(T);
  });
});

describe('a wish', () => {
  it('is said again when the node comes back and over a restart of the centre, until it was answered', async () => {
    const folder = aFolder();
    const centre = await aCentre({ folder, clock: new ManualClock(T) });
    const { client } = await aNode(centre);
    await client.leaves();
    const { caseNo } = await presses(centre);
    const operator = await centre.operator();
    await until('clips are asked for', async () => (await clipsOf(operator, caseNo)).clips.length === 2);
    await centre.close();

    const again = await aCentre({ folder, clock: new ManualClock(T + 60_000) });
    const node = await aNode(again);
    const [gate, lane] = await node.hearsWishes(2);
    expect([gate.data.cameraId, lane.data.cameraId].sort()).toEqual(['gate', 'lane']);
    await node.reports(gate, {});
    await node.key();
    const [, , third] = await node.hearsWishes(3);
    expect(third.data.clipId).toBe(lane.data.clipId);
    expect(node.asked()).toHaveLength(3);
  });

  it('of a case that a dying centre had not come to is made at the next start', async () => {
    const folder = aFolder();
    const centre = await aCentre({ folder, clock: new ManualClock(T) });
    // No camera was known: nothing could be asked for.
    const { caseNo } = await presses(centre);
    await aNode(centre);
    await centre.close();
    const again = await aCentre({ folder, clock: new ManualClock(T + 60_000) });
    const node = await aNode(again);
    const wishes = await node.hearsWishes(2);
    expect(wishes[0].data).toMatchObject({ caseNo, from: T - 30_000 });
  });

  it('beyond the number of open ones is refused, on the record', async () => {
    const centre = await aCentre({ clock: new ManualClock(T), config: { evidence: { maxOpen: 1 } } });
    const node = await aNode(centre);
    await presses(centre);
    await node.hearsWishes(1);
    const { caseNo } = await presses(centre);
    const operator = await centre.operator();
    const [clip] = await until('the refusal', async () => {
      const { clips } = await clipsOf(operator, caseNo);
      return clips.length > 0 ? clips : undefined;
    });
    expect(clip).toMatchObject({ state: 'failed', code: 'RECORDER_BUSY' });
    expect(await ledger(operator, 'clip.refused')).toHaveLength(1);
  });

  it('that a node which is away does not answer, and a clip that it is to delete, take no place at another node, nor for long at its own', async () => {
    const clock = new ManualClock(T);
    const centre = await aCentre({ clock, config: { evidence: { maxOpen: 1, nearest: 0 } } });
    const [node, other] = [await aNode(centre), await aNode(centre, 'media-02', [camera('bridge', 25.3)])];
    const pressesAt = async (cameraId: string) => {
      const operator = await centre.operator();
      const { caseNo } = await presses(centre, { onScreen: { cameraId, pictureAt: T } });
      const { clips } = await until('a clip of the case', async () => {
        const found = await clipsOf(operator, caseNo);
        return found.clips.length > 0 ? found : undefined;
      });
      return clips[0].state;
    };
    await node.client.leaves();
    expect(await pressesAt('gate')).toBe('asked');
    expect(await pressesAt('gate')).toBe('failed');
    expect(await pressesAt('bridge')).toBe('asked');
    clock.passes(20 * 60_000);
    expect(await pressesAt('gate')).toBe('asked');
    for (const wish of await other.hearsWishes(1)) await other.reports(wish, {});
    clock.passes(31 * DAY);
    await until('the clip is to go', () => {
      clock.passes(3_600_000);
      return other.asked().some((w) => w.data.wanted === 'deleted');
    });
    expect(await pressesAt('bridge')).toBe('asked');
  });
});

describe('a report', () => {
  it('fixes the signed hashes in the ledger and is on the case once, however often it is said', async () => {
    const centre = await aCentre({ clock: new ManualClock(T) });
    const node = await aNode(centre);
    const { caseNo } = await presses(centre);
    const [gate] = await node.hearsWishes(2);
    await node.reports(gate, { state: 'partial', revision: 2, parts: [{ ...part(), stage: 'pre' }] });
    for (let i = 0; i < 2; i++) await node.reports(gate, { revision: 3, gaps: [{ from: T, to: T + 2000 }] });
    await node.reports(gate, { state: 'recording', revision: 1, parts: [] });
    const operator = await centre.operator();
    const { history } = await operator.json('GET', apiPaths.case(caseNo));
    expect(history.filter((h: { event: string }) => h.event === 'recorded')).toMatchObject([{ text: 'gate口，90 秒，有缺失' }]);
    expect(await ledger(operator, 'clip.complete')).toMatchObject([
      {
        clip: gate.data.clipId,
        camera: 'gate',
        node: 'media-01',
        missing: 1,
        parts: [{ file: 'a'.repeat(64), manifest: 'b'.repeat(64), kid: 'c'.repeat(64) }],
      },
    ]);
    expect((await operator.json('GET', evidencePaths.keys)).keys).toMatchObject([{ node: 'media-01', kid: node.kid }]);
  });

  it('about a clip that nobody asked for is refused and recorded', async () => {
    const centre = await aCentre({ clock: new ManualClock(T) });
    const node = await aNode(centre);
    await node.reports({ data: { clipId: uuid7(T), caseNo: '20260101-0001', cameraId: 'gate' } }, {});
    const operator = await centre.operator();
    expect((await operator.json('GET', apiPaths.deadLetters)).deadLetters[0]).toMatchObject({ code: 'CLIP_UNKNOWN' });
  });
});

describe('opening a clip', () => {
  it('is on the record first, and its grant opens that clip only; auditors may have the original, and no more', async () => {
    const centre = await aCentre({ clock: new ManualClock(T) });
    const node = await aNode(centre);
    const { caseNo } = await presses(centre);
    const [gate, lane] = await node.hearsWishes(2);
    await node.reports(gate, {});
    const [operator, auditor, admin] = await Promise.all([centre.operator(), centre.operator('shenji'), centre.operator('guanli')]);
    const open = (who: TestOperator, what: string, wish = gate) =>
      who.json('POST', evidencePaths.openClip(caseNo, wish.data.clipId), { what });
    const { token, cameraId } = await open(operator, 'play');
    expect(cameraId).toBe(gate.data.clipId);
    const claims = JSON.parse(Buffer.from(token.split('.')[1], 'base64url').toString());
    expect(claims).toMatchObject({ sub: 'operator:zhiban', cam: gate.data.clipId, why: `clip:${gate.data.clipId}:play` });
    await open(auditor, 'original');
    for (const [who, what] of [
      [auditor, 'play'],
      [auditor, 'export'],
      [admin, 'original'],
    ] as const)
      await expect(open(who, what)).rejects.toThrow('NOT_ALLOWED');
    await expect(open(operator, 'play', lane)).rejects.toThrow('CLIP_NOT_READY');
    await expect(operator.json('POST', evidencePaths.openClip('20260101-9999', gate.data.clipId), { what: 'play' })).rejects.toThrow(
      'CLIP_UNKNOWN',
    );
    expect(await ledger(operator, 'clip.opened')).toMatchObject([
      { clip: gate.data.clipId, what: 'play', by: expect.stringMatching(/^operator-/) },
      { what: 'original' },
    ]);
  });
});

describe('keeping', () => {
  it('ends after thirty days: the node is told to delete, and the deletion is in the ledger', async () => {
    const clock = new ManualClock(T);
    const centre = await aCentre({ clock });
    const node = await aNode(centre);
    const { caseNo } = await presses(centre);
    const [gate, lane] = await node.hearsWishes(2);
    await node.reports(gate, {});
    await node.reports(lane, {});
    clock.passes(29 * DAY);
    expect(node.asked().filter((w) => w.data.wanted === 'deleted')).toEqual([]);
    clock.passes(2 * DAY);
    const going = await until('both are to go', () => {
      clock.passes(3_600_000);
      const found = node.asked().filter((w) => w.data.wanted === 'deleted');
      return found.length >= 2 ? found : undefined;
    });
    await node.reports(going[0], { state: 'deleted', revision: 3, parts: [], why: 'retention' });
    const operator = await centre.operator();
    expect(await ledger(operator, 'clip.deleted')).toMatchObject([{ clip: going[0].data.clipId, why: 'retention' }]);
    const { clips } = await clipsOf(operator, caseNo);
    expect(clips.map((c: { state: string }) => c.state).sort()).toEqual(['complete', 'deleted']);
  });

  it('goes on while a hold stands, and no longer; operators place none, and a reason and a term are needed', async () => {
    const clock = new ManualClock(T);
    const centre = await aCentre({ clock });
    const node = await aNode(centre);
    const { caseNo } = await presses(centre);
    const wishes = await node.hearsWishes(2);
    for (const wish of wishes) await node.reports(wish, {});
    const [operator, auditor] = await Promise.all([centre.operator(), centre.operator('shenji')]);
    const hold = { reason: '公安机关立案', until: T + 60 * DAY };
    await expect(operator.json('POST', evidencePaths.holds(caseNo), hold)).rejects.toThrow('NOT_ALLOWED');
    for (const bad of [
      { ...hold, reason: '' },
      { ...hold, until: T - 1 },
      { ...hold, until: T + 5000 * DAY },
    ])
      await expect(auditor.json('POST', evidencePaths.holds(caseNo), bad)).rejects.toThrow('BAD_PAYLOAD');
    await auditor.json('POST', evidencePaths.holds(caseNo), hold);
    await until('the node knows', () => node.asked().some((w) => w.data.heldUntil === hold.until));
    expect(JSON.stringify(await ledger(operator, 'hold.placed'))).not.toContain('立案');
    clock.passes(50 * DAY);
    await node.key();
    expect(node.asked().filter((w) => w.data.wanted === 'deleted')).toEqual([]);
    clock.passes(11 * DAY);
    await until('they are to go', () => {
      clock.passes(3_600_000);
      return node.asked().filter((w) => w.data.wanted === 'deleted').length >= 2;
    });
  });
});

it('what is wrong at a node is listed while it lasts, and is in the ledger; an absent node is a fault itself', async () => {
  const centre = await aCentre({ clock: new ManualClock(T) });
  const node = await aNode(centre);
  const operator = await centre.operator();
  const listed = async () =>
    (await operator.json('GET', evidencePaths.mediaFaults)).faults.filter((f: { node: string }) => f.node === 'media-01');
  await node.says('faults', 'cn.shouwang.media.faults.v1', {
    faults: [{ cameraId: 'gate', fault: 'black', since: T - 20_000, detail: '亮度 16' }],
  });
  expect(await listed()).toEqual([
    { node: 'media-01', cameraId: 'gate', cameraName: 'gate口', fault: 'black', since: T - 20_000, detail: '亮度 16' },
  ]);
  await node.says('faults', 'cn.shouwang.media.faults.v1', { faults: [] });
  expect(await listed()).toEqual([]);
  expect([await ledger(operator, 'media.fault-began'), await ledger(operator, 'media.fault-ended')]).toMatchObject([
    [{ camera: 'gate', fault: 'black' }],
    [{ camera: 'gate' }],
  ]);
  await node.client.leaves();
  await until('the node is missed', async () => (await listed())[0]?.fault === 'node-offline');
});
