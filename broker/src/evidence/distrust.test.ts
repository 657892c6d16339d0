/** What a node says that does not fit what it said before, and what it could not hear while it was away. */
import { createHash } from 'node:crypto';
import { apiPaths, evidencePaths } from '@shouwang/protocol';
import { expect, it } from 'vitest';
import { aCentre } from '../testing/centre.ts';
import { aKey, aNode, ledger, part, presses, T } from '../testing/clip-node.ts';
import { ManualClock } from '../testing/manual-clock.ts';
import { until } from '../testing/until.ts';

const DAY = 86_400_000;

it('a report that says other hashes of a clip that is whole is on the record, and so is one that takes it back', async () => {
  const centre = await aCentre({ clock: new ManualClock(T) });
  const node = await aNode(centre);
  const { caseNo } = await presses(centre);
  const [gate] = await node.hearsWishes(2);
  await node.reports(gate, {});
  await node.reports(gate, { revision: 3, masked: true });
  await node.reports(gate, { revision: 4, parts: [{ ...part(), fileSha256: 'd'.repeat(64) }] });
  await node.reports(gate, { revision: 5, state: 'recording', parts: [] });
  const operator = await centre.operator();
  expect((await ledger(operator, 'clip.complete')).map((c: { parts: { file: string }[] }) => c.parts[0]!.file[0])).toEqual(['a', 'd']);
  expect(await ledger(operator, 'clip.recording')).toMatchObject([{ clip: gate.data.clipId }]);
  const { history } = await operator.json('GET', apiPaths.case(caseNo));
  expect(history.filter((h: { event: string }) => h.event === 'recorded')).toHaveLength(1);
});

it('a key by another name, and what is no key, are refused on the record and not registered', async () => {
  const centre = await aCentre({ clock: new ManualClock(T) });
  const node = await aNode(centre);
  const operator = await centre.operator();
  const other = aKey();
  const notOne = Buffer.alloc(44, 7);
  const bad = [
    { ...other, kid: 'c'.repeat(64) },
    { ...other, kid: createHash('sha256').update(notOne).digest('hex'), publicKey: notOne.toString('base64') },
  ];
  for (const key of bad) await node.says('key', 'cn.shouwang.media.key.v1', key);
  expect((await operator.json('GET', evidencePaths.keys)).keys.map((k: { kid: string }) => k.kid)).toEqual([node.kid]);
  const { deadLetters } = await operator.json('GET', apiPaths.deadLetters);
  expect(deadLetters.map((d: { code: string }) => d.code)).toEqual(['BAD_PAYLOAD', 'BAD_PAYLOAD']);
});

it('a hold that came, or went, while the node was away is told to it when it is back: its disk may be full', async () => {
  const clock = new ManualClock(T);
  const centre = await aCentre({ clock });
  const node = await aNode(centre);
  const { caseNo } = await presses(centre);
  for (const wish of await node.hearsWishes(2)) await node.reports(wish, {});
  const auditor = await centre.operator('shenji');
  await node.client.leaves();
  const held = { reason: '公安机关立案', until: T + 60 * DAY };
  const { holdId } = await auditor.json('POST', evidencePaths.holds(caseNo), held);
  const back = await aNode(centre);
  expect((await back.hearsWishes(2)).map((w) => w.data.heldUntil)).toEqual([held.until, held.until]);
  await back.client.leaves();
  await auditor.json('POST', evidencePaths.endHold(caseNo, holdId), {});
  const again = await aNode(centre);
  expect((await again.hearsWishes(2)).map((w) => [w.data.wanted, w.data.heldUntil])).toEqual([
    ['kept', undefined],
    ['kept', undefined],
  ]);
});

it('a hold that comes when the time of the clips is over, and their node has not deleted them yet, keeps them', async () => {
  const clock = new ManualClock(T);
  const centre = await aCentre({ clock });
  const node = await aNode(centre);
  const { caseNo } = await presses(centre);
  const [gate] = await node.hearsWishes(2);
  await node.reports(gate, {});
  const going = () => node.asked().filter((w) => w.data.wanted === 'deleted');
  clock.passes(31 * DAY);
  await until('both are to go', () => {
    clock.passes(3_600_000);
    return going().length >= 2;
  });
  await node.client.leaves();
  const auditor = await centre.operator('shenji');
  const held = { reason: '公安机关立案', until: clock.now() + 60 * DAY };
  await auditor.json('POST', evidencePaths.holds(caseNo), held);
  const back = await aNode(centre);
  // One was never answered, the other is whole.
  expect((await back.hearsWishes(2)).map((w) => [w.data.wanted, w.data.heldUntil])).toEqual([
    ['kept', held.until],
    ['kept', held.until],
  ]);
  await back.reports(gate, { revision: 3 });
  clock.passes(61 * DAY);
  await until('they are to go when it is over', () => {
    clock.passes(3_600_000);
    return back.asked().filter((w) => w.data.wanted === 'deleted').length >= 2;
  });
});

it('a node with a new disk, which counts its words from one again, is believed that a clip is deleted', async () => {
  const clock = new ManualClock(T);
  const centre = await aCentre({ clock });
  const node = await aNode(centre);
  const { caseNo } = await presses(centre);
  const [gate] = await node.hearsWishes(2);
  await node.reports(gate, { revision: 3 });
  await node.reports(gate, { revision: 1, state: 'deleted', parts: [], why: 'retention' });
  await node.reports(gate, { revision: 4 });
  const operator = await centre.operator();
  expect(await ledger(operator, 'clip.deleted')).toMatchObject([{ clip: gate.data.clipId, why: 'retention' }]);
  const { clips } = await operator.json('GET', evidencePaths.clips(caseNo));
  expect(clips[0]).toMatchObject({ clipId: gate.data.clipId, state: 'deleted' });
});
