// @vitest-environment jsdom
import { adminPaths, apiPaths, fleetPaths } from '@shouwang/protocol';
import { cleanup, fireEvent, screen, waitFor } from '@testing-library/react';
import { afterEach, beforeAll, expect, test } from 'vitest';
import { type Answer, atDesk, furnish, key, ME, NOW } from './testing/room.tsx';

beforeAll(furnish);
afterEach(cleanup);

const BOX = 'box-0007';
const UNTIL = NOW + 1_800_000;
const COUNTS = { area: '', areaName: '', boxes: 1, unseen: 0, online: 0, suspect: 0, offline: 1, faulty: 0, inDoubt: 0, orders: 0 };
const ISSUED = { boxId: BOX, code: '04819926', expiresAt: UNTIL };

/** A centre with one box that is offline; `role` sits at the desk. */
function answers(role: string, more: Record<string, Answer> = {}): Record<string, Answer> {
  const box = { boxId: BOX, area: '522328101201', areaName: '平安村', presence: 'offline', since: 9000, heardAt: 4000, faults: [] };
  return {
    [apiPaths.me]: { body: { ...ME, role } },
    [fleetPaths.fleet]: { body: { now: NOW, total: COUNTS, villages: [] } },
    [`${fleetPaths.fleetBoxes}?state=not-well&area=&after=`]: { body: { boxes: [box] } },
    [`${fleetPaths.workOrders}?state=open&area=&after=`]: { body: { orders: [] } },
    [fleetPaths.household(BOX)]: { body: { boxId: BOX, name: '王秀英', address: '平安村3组12号', phone: '13800000001', area: box.area } },
    [`GET ${adminPaths.activation(BOX)}`]: { body: { boxId: BOX, openUntil: UNTIL } },
    [`POST ${adminPaths.activation(BOX)}`]: { body: ISSUED },
    [fleetPaths.household('box-0008')]: { status: 403, body: { code: 'BOX_UNKNOWN' } },
    ...more,
  };
}
const opens = async () => {
  key('d');
  fireEvent.click(await screen.findByRole('button', { name: '开通机顶盒…' }));
  return screen.findByLabelText<HTMLInputElement>('机顶盒编号');
};
const press = async (name: string) => fireEvent.click(await screen.findByRole('button', { name }));
const shown = () => screen.findByTestId('activation');

test('the administrator sees whose box it is before a code can be given out; the code stands there with its end, and the number cannot be changed under it', async () => {
  const { posted } = await atDesk([], answers('admin'));
  const field = await opens();
  fireEvent.change(field, { target: { value: ` ${BOX} ` } });
  expect(screen.queryByRole('button', { name: '给开通码' })).toBeNull();
  await press('查看住户');
  expect((await screen.findByTestId('activation-home')).textContent).toContain('王秀英 · 平安村3组12号');
  expect(posted.filter((p) => p.path === fleetPaths.household(BOX)).map((p) => p.body)).toEqual([{ why: 'activation' }]);
  expect(posted.map((p) => p.path)).not.toContain(adminPaths.activation(BOX));
  await press('给开通码');
  const code = await shown();
  expect(code.textContent).toContain('0481 9926');
  expect(code.textContent).toContain('还有 30 分 00 秒');
  expect([code.dataset.state, field.readOnly]).toEqual(['open', true]);
  expect(posted.filter((p) => p.path === adminPaths.activation(BOX))).toHaveLength(1);
});

test('another number is another household: nothing of the one before it stays', async () => {
  await atDesk([], answers('admin'));
  const field = await opens();
  fireEvent.change(field, { target: { value: BOX } });
  await press('查看住户');
  await screen.findByRole('button', { name: '给开通码' });
  fireEvent.change(field, { target: { value: 'box-0008' } });
  expect(screen.queryByTestId('activation-home')).toBeNull();
  expect(screen.queryByRole('button', { name: '给开通码' })).toBeNull();
  await press('查看住户');
  expect((await screen.findByRole('alert')).textContent).toContain('没有登记这个编号');
});

test('opened from a box of the list; once the box has used the code that is said, with what it said of itself, and the code is gone', async () => {
  const seen: Answer = { body: { boxId: BOX, activatedAt: 1000 } };
  let issues: () => void = () => undefined;
  const issued: Answer = { after: new Promise<void>((resolve) => (issues = resolve)), body: ISSUED };
  await atDesk([], answers('admin', { [`GET ${adminPaths.activation(BOX)}`]: seen, [`POST ${adminPaths.activation(BOX)}`]: issued }));
  key('d');
  await press('开通…');
  await press('查看住户');
  await press('给开通码');
  await waitFor(() => expect(screen.getByRole('button', { name: /给开通码/ }).className).toContain('loading'));
  seen.body = { boxId: BOX, activatedAt: NOW, reported: { middleware: 'ipanel', card: '8531002345678901' } };
  issues();
  await waitFor(async () => expect((await shown()).dataset.state).toBe('used'));
  expect((await shown()).textContent).toContain('型号 ipanel · 卡号 8531002345678901');
  expect(screen.queryByLabelText('开通码')).toBeNull();
});

test('a code that was voided is shown no more, and another one can be given', async () => {
  const seen: Answer = { body: { boxId: BOX } };
  const { posted } = await atDesk([], answers('admin', { [`GET ${adminPaths.activation(BOX)}`]: seen }));
  fireEvent.change(await opens(), { target: { value: BOX } });
  await press('查看住户');
  await press('给开通码');
  await waitFor(async () => expect((await shown()).dataset.state).toBe('void'));
  expect(screen.queryByLabelText('开通码')).toBeNull();
  seen.body = { boxId: BOX, openUntil: UNTIL };
  await press('再给一个开通码');
  await waitFor(async () => expect((await shown()).dataset.state).toBe('open'));
  expect(posted.filter((p) => p.path === adminPaths.activation(BOX))).toHaveLength(2);
});

test.each(['operator', 'auditor'])('an %s gives out none', async (role) => {
  await atDesk([], answers(role));
  key('d');
  await screen.findByTestId('device');
  expect(screen.queryByRole('button', { name: '开通机顶盒…' })).toBeNull();
  expect(screen.queryByRole('button', { name: '开通…' })).toBeNull();
});
