// @vitest-environment jsdom
import { apiPaths, type FleetCounts, fleetPaths } from '@shouwang/protocol';
import { act, cleanup, fireEvent, screen, waitFor } from '@testing-library/react';
import { afterEach, beforeAll, expect, test } from 'vitest';
import { aCase, announced } from './testing/cases.ts';
import { type Answer, atDesk, furnish, key, ME, NOW, sitDown } from './testing/room.tsx';

beforeAll(furnish);
afterEach(cleanup);

const theCase = () => screen.getByRole('main', { name: '案件' });
const commandsTo = (caseNo: string, posted: { path: string; body: unknown }[]) =>
  posted.filter((p) => p.path === apiPaths.commands(caseNo)).map((p) => p.body);

test('nobody logged in: the log-in page, and the sound check after it', async () => {
  const { posted, audio } = sitDown([], {
    [apiPaths.me]: { status: 401, body: { code: 'NOT_LOGGED_IN' } },
    [apiPaths.login]: { body: ME },
  });
  fireEvent.change(await screen.findByLabelText('账号'), { target: { value: 'zhiban' } });
  fireEvent.change(screen.getByLabelText('密码'), { target: { value: 'secret' } });
  fireEvent.click(screen.getByRole('button', { name: '登录' }));
  await screen.findByRole('button', { name: '听到了' });
  expect(posted[0]?.body).toEqual({ user: 'zhiban', password: 'secret' });
  await waitFor(() => expect(audio.told).toEqual(['play alarm']));
});

test('the feed is opened only after the sound check: nobody counts as present before', async () => {
  const { sources } = sitDown([aCase()]);
  await screen.findByRole('button', { name: '听到了' });
  expect(sources).toHaveLength(0);
});

test('an operator who hears nothing may sit down, and is reminded', async () => {
  sitDown([]);
  await waitFor(() => expect(screen.getByRole<HTMLButtonElement>('button', { name: /没听到/ }).disabled).toBe(false));
  fireEvent.click(screen.getByRole('button', { name: /没听到/ }));
  fireEvent.click(await screen.findByRole('button', { name: /先看屏幕值守/ }));
  expect((await screen.findByRole('alert')).textContent).toContain('没有听到过报警声');
});

test('an alarm arrives by itself: on the queue, on the desk, on the loudspeaker', async () => {
  const { sources, audio } = await atDesk([]);
  act(() => sources[0]!.emit('case', announced(8, 'opened', aCase())));
  expect(screen.getByRole('option', { name: /王秀英/ }).dataset.state).toBe('received');
  expect(theCase().dataset.caseNo).toBe('20261123-0001');
  expect(screen.getByTestId('phone').textContent).toBe('13900000001');
  expect(audio.told.at(-1)).toBe('ring 0');
});

test('S signs the case on the desk, and the centre’s answer moves it', async () => {
  const view = aCase();
  const signed = { ...view, state: 'signed' as const, revision: 2, signedAt: NOW };
  const { posted, audio } = await atDesk([view], { [apiPaths.commands(view.caseNo)]: { body: signed } });
  key('s');
  expect(theCase().dataset.state).toBe('received');
  await waitFor(() => expect(theCase().dataset.state).toBe('signed'));
  expect(commandsTo(view.caseNo, posted)).toEqual([{ command: 'sign' }]);
  expect(audio.told.at(-1)).toBe('stop');
});

test('a refused command says why and changes nothing', async () => {
  const view = aCase();
  await atDesk([view], { [apiPaths.commands(view.caseNo)]: { status: 409, body: { code: 'CASE_STATE' } } });
  key('s');
  expect((await screen.findByTestId('command-error')).textContent).toBe('签收没有成功：案件现在不能这样处理（CASE_STATE）');
  expect(theCase().dataset.state).toBe('received');
});

test('a case that calls again turns the head of the queue red and rings until a person acts', async () => {
  const view = aCase({ state: 'handling', due: { step: 'close', at: 90_000_000 } });
  const { sources, audio, clock } = await atDesk([view]);
  const head = () => screen.getByTestId('unsigned-count');
  expect(head().textContent).toBe('没有未签收的报警');
  const again = { ...view, revision: 2, presses: 2, alertedAt: NOW };
  act(() => sources[0]!.emit('case', announced(8, 'strengthened', again)));
  expect(head().textContent).toContain('1起再次求助');
  expect(audio.told.at(-1)).toBe('ring 0');
  expect(screen.getByTestId('case-call')).toBeTruthy();
  act(() => sources[0]!.emit('case', announced(9, 'noted', { ...again, revision: 3, alertedAt: undefined })));
  await act(() => clock.passes(30));
  expect(head().textContent).toBe('没有未签收的报警');
  expect(audio.told.at(-1)).toBe('stop');
});

test('a withdrawn call that nobody signed keeps the head of the queue from being calm', async () => {
  await atDesk([aCase({ withdrawnAt: 12_000, escalatedAt: 40_000 })]);
  expect(screen.getByTestId('unsigned-count').textContent).toBe('1 起已撤回，待核实');
});

test('Enter passes the sound check, and alarms that wait are told there', async () => {
  sitDown([aCase(), aCase({ caseNo: '20261123-0002', state: 'signed' })]);
  const heard = await screen.findByRole('button', { name: '听到了' });
  await waitFor(() => expect(document.activeElement).toBe(heard));
  expect((await screen.findByTestId('waiting')).textContent).toContain('1 起报警在等');
});

test('closing needs a result in words; keys typed there are only words', async () => {
  const view = aCase({ state: 'handling', due: { step: 'close', at: 90_000_000 } });
  const closed = { ...view, state: 'closed' as const, revision: 2, due: undefined, closedAt: NOW, result: '情况解除' };
  const { posted } = await atDesk([view], { [apiPaths.commands(view.caseNo)]: { body: closed } });
  key('c');
  const field = await screen.findByLabelText(/处理结果/);
  const submit = () => screen.getAllByRole<HTMLButtonElement>('button', { name: '办结' }).at(-1)!;
  expect(submit().disabled).toBe(true);
  key('s', field);
  key('Enter', field);
  expect(commandsTo(view.caseNo, posted)).toEqual([]);
  fireEvent.change(field, { target: { value: '情况解除' } });
  fireEvent.keyDown(field, { key: 'Enter', ctrlKey: true });
  await waitFor(() => expect(theCase().dataset.state).toBe('closed'));
  expect(commandsTo(view.caseNo, posted)).toEqual([{ command: 'close', result: '情况解除' }]);
});

test('the next step taken before the answer to the last one waits its turn; the same key twice is one command', async () => {
  const view = aCase();
  const signed = { ...view, state: 'signed' as const, revision: 2 };
  let answer = () => {};
  const after = new Promise<void>((resolve) => {
    answer = resolve;
  });
  const { posted, sources } = await atDesk([view], { [apiPaths.commands(view.caseNo)]: { after, body: signed } });
  key('s');
  key('s');
  await waitFor(() => expect(commandsTo(view.caseNo, posted)).toEqual([{ command: 'sign' }]));
  act(() => sources[0]!.emit('case', announced(8, 'signed', signed)));
  expect(theCase().dataset.state).toBe('signed');
  key('h');
  expect(commandsTo(view.caseNo, posted)).toHaveLength(1);
  await act(async () => answer());
  await waitFor(() => expect(commandsTo(view.caseNo, posted)).toEqual([{ command: 'sign' }, { command: 'handle' }]));
});

test('no key acts while a window is open', async () => {
  const view = aCase();
  const { posted } = await atDesk([view]);
  key('/');
  await screen.findByRole('dialog');
  key('s');
  expect(commandsTo(view.caseNo, posted)).toEqual([]);
});

test('a lost feed is told plainly, with its moment', async () => {
  const { sources } = await atDesk([]);
  act(() => sources[0]!.breaks(true));
  expect(screen.getByTestId('feed-lost').textContent).toMatch(/与中心的连接断了，正在重连。自 \d\d:\d\d:\d\d 起/);
  act(() => sources[0]!.opens());
  expect(screen.queryByTestId('feed-lost')).toBeNull();
});

test('a mute page says so and offers the way back', async () => {
  const { audio } = await atDesk([]);
  act(() => audio.becomes('suspended'));
  expect(screen.getByTestId('no-sound').textContent).toContain('报警来时不会响');
  expect(screen.getByRole('button', { name: '恢复声音' })).toBeTruthy();
});

test('an ended session goes back to the log-in page', async () => {
  const view = aCase();
  const { sources } = await atDesk([view], { [apiPaths.commands(view.caseNo)]: { status: 401, body: { code: 'NOT_LOGGED_IN' } } });
  key('s');
  await screen.findByLabelText('账号');
  expect(screen.getByRole('alert').textContent).toContain('登录已过期');
  expect(sources[0]!.readyState).toBe(2);
});

test('M silences, and a new call breaks the silence', async () => {
  const { sources, audio } = await atDesk([aCase()]);
  key('m');
  expect(audio.told.at(-1)).toBe('ring 60');
  await screen.findByRole('button', { name: '恢复响铃' });
  act(() => sources[0]!.emit('case', announced(8, 'opened', aCase({ caseNo: '20261123-0002', quietUntil: NOW }))));
  expect(audio.told.at(-1)).toBe('ring 0');
});

test('an auditor watches the board and has no commands', async () => {
  const { posted } = await atDesk([aCase()], { [apiPaths.me]: { body: { ...ME, role: 'auditor' } } });
  expect(screen.getByRole<HTMLButtonElement>('button', { name: '签收' }).disabled).toBe(true);
  key('s');
  expect(posted).toEqual([]);
});

test('another case of a household with an open silent alarm offers no number to ring either, and says why', async () => {
  const withdrawn = aCase({ caseNo: '20260101-0002', withdrawnAt: 12_000 });
  await atDesk([withdrawn, aCase({ silent: true, gesture: 'silent', alarmId: 'another', state: 'signed' })]);
  fireEvent.click(document.querySelector('[data-case-no="20260101-0002"]')!);
  await waitFor(() => expect(theCase().dataset.caseNo).toBe('20260101-0002'));
  expect(screen.getByTestId('silent-warning').textContent).toContain('另有一起静默报警');
  expect(screen.getByTestId('silent-phone').textContent).toContain('勿回拨');
  expect(theCase().textContent).not.toMatch(/请电话|先打电话/);
  expect(screen.queryByRole('button', { name: '复制电话' })).toBeNull();
});

test('a silent alarm cannot be overlooked, rings at once, and offers no number to ring', async () => {
  const { audio } = await atDesk([aCase({ silent: true, gesture: 'silent', quietUntil: 10_000 })]);
  await waitFor(() => expect(screen.getByTestId('silent-warning').textContent).toContain('静默报警，勿回拨'));
  expect(screen.getByRole('option').textContent).toContain('静默报警，勿回拨');
  expect(screen.getByRole('option').getAttribute('aria-label')).toMatch(/^静默报警，勿回拨/);
  expect(screen.getByTestId('silent-phone').textContent).toContain('勿回拨');
  expect(screen.queryByRole('button', { name: '复制电话' })).toBeNull();
  expect(theCase().textContent).not.toContain('请电话');
  expect(document.querySelector('a[href^="tel:"]')).toBeNull();
  expect(audio.told).toContain('ring 0');
});

test('any other alarm says nothing of silence', async () => {
  await atDesk([aCase()]);
  await waitFor(() => expect(theCase().textContent).toContain('王秀英'));
  expect(document.body.textContent).not.toContain('静默');
});

const COUNTS: FleetCounts = {
  area: '',
  areaName: '',
  boxes: 3,
  unseen: 1,
  online: 1,
  suspect: 0,
  offline: 1,
  faulty: 1,
  inDoubt: 1,
  orders: 1,
};
const household = { ...aCase().household, addressInDoubtSince: 15_000 };
const order = {
  id: 7,
  boxId: 'box-0001',
  area: household.area,
  areaName: '平安村',
  kind: 'keys' as const,
  since: 5000,
  openedAt: 6000,
  reopened: 0,
  history: [{ event: 'opened' as const, at: 6000, by: 'clock' }],
};
/** A centre with one box that is not well. */
function fleetAnswers(): Record<string, Answer> {
  const village = { ...COUNTS, area: '522328101201', areaName: '平安村' };
  const box = {
    boxId: 'box-0001',
    area: household.area,
    areaName: '平安村',
    addressInDoubtSince: household.addressInDoubtSince,
    presence: 'offline' as const,
    since: 9000,
    heardAt: 4000,
    faults: [{ kind: 'keys' as const, since: 5000 }],
  };
  return {
    [fleetPaths.fleet]: { body: { now: NOW, total: COUNTS, villages: [village] } },
    [`${fleetPaths.fleetBoxes}?state=not-well&area=&after=`]: { body: { boxes: [box] } },
    [`${fleetPaths.workOrders}?state=open&area=&after=`]: { body: { orders: [order] } },
    [fleetPaths.workOrderNotes(7)]: { body: order },
    [fleetPaths.household('box-0001')]: { body: household },
  };
}

test('D opens the devices: counts by village, plain words for what is wrong; an alarm still turns the queue red and rings, and U leads to it', async () => {
  const { sources, audio, posted } = await atDesk([], fleetAnswers());
  key('d');
  const device = await screen.findByTestId('device');
  expect(device.textContent).toContain('离线');
  expect(device.textContent).toContain('收不到遥控器按键');
  expect(device.textContent).toContain('地址待核实');
  expect(screen.getByRole('button', { name: /平安村/ }).textContent).toContain('故障\u00a01');
  act(() => sources[0]!.emit('case', announced(8, 'opened', aCase())));
  expect(screen.getByTestId('unsigned-count').textContent).toContain('1起未签收');
  expect(audio.told.at(-1)).toBe('ring 0');
  key('s');
  expect(posted.filter((p) => p.path.endsWith('/commands'))).toEqual([]);
  expect(screen.getByTestId('devices')).toBeTruthy();
  key('u');
  expect(theCase().dataset.caseNo).toBe('20261123-0001');
  expect(screen.queryByTestId('devices')).toBeNull();
});

test('who lives with a box that is not well is shown only when asked for', async () => {
  const { posted } = await atDesk([], fleetAnswers());
  key('d');
  const device = await screen.findByTestId('device');
  expect(device.textContent).not.toContain('王秀英');
  const looks = () => posted.filter((p) => p.path === fleetPaths.household('box-0001')).map((p) => p.body);
  expect(looks()).toEqual([]);
  fireEvent.click(screen.getByRole('button', { name: '查看住户' }));
  expect((await screen.findByTestId('box-home')).textContent).toContain('王秀英');
  expect(looks()).toEqual([{ why: 'repair' }]);
});

test('a work order is given to somebody, with a note; keys typed there are only words', async () => {
  const { posted } = await atDesk([], fleetAnswers());
  key('d');
  fireEvent.click(await screen.findByRole('tab', { name: '工单' }));
  fireEvent.click(await screen.findByRole('button', { name: '派人、备注' }));
  const who = await screen.findByLabelText('派给谁');
  fireEvent.change(who, { target: { value: '张师傅' } });
  key('d');
  expect(screen.getByTestId('order')).toBeTruthy();
  fireEvent.keyDown(who, { key: 'Enter', ctrlKey: true });
  await waitFor(() => expect(screen.queryByLabelText('派给谁')).toBeNull());
  expect(posted.filter((p) => p.path === fleetPaths.workOrderNotes(7)).map((p) => p.body)).toEqual([{ assignee: '张师傅' }]);
});

test('a box that was moved: 地址待核实 on the desk’s case until a person confirms, and the centre has taken it', async () => {
  const view = aCase();
  const confirmed = { body: { boxId: 'box-0001' } };
  const { sources, posted } = await atDesk([view], { [fleetPaths.confirmAddress('box-0001')]: confirmed });
  expect(screen.queryByTestId('address-in-doubt')).toBeNull();
  act(() => sources[0]!.emit('household', { boxId: 'box-0001', addressInDoubtSince: 15_000 }));
  expect(screen.getByTestId('address-in-doubt').textContent).toContain('地址待核实');
  expect(screen.getByRole('option', { name: /王秀英/ }).textContent).toContain('地址待核实');
  fireEvent.click(screen.getByRole('button', { name: '确认地址' }));
  fireEvent.click(await screen.findByRole('button', { name: '核实过，地址无误' }));
  await waitFor(() => expect(screen.queryByTestId('address-in-doubt')).toBeNull());
  expect(posted.filter((p) => p.path === fleetPaths.confirmAddress('box-0001'))).toHaveLength(1);
});

test.each([
  ['the only operator is told that nobody will be there', 'operator', '退出后没有人值守'],
  ['whoever signs nothing leaves nothing unattended, and logs out', 'admin', '账号'],
])('logging out: %s', async (_what, role, shows) => {
  const { sources } = await atDesk([], { [apiPaths.me]: { body: { ...ME, role } } });
  act(() => sources[0]!.emit('centre', { now: NOW, boxesOnline: 1, operators: 1 }));
  fireEvent.click(screen.getByRole('button', { name: '退出' }));
  await waitFor(() => expect(document.body.textContent).toContain(shows));
});
