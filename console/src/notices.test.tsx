// @vitest-environment jsdom
import { apiPaths, type NoticeBoard, noticePaths } from '@shouwang/protocol';
import { act, cleanup, fireEvent, screen, waitFor, within } from '@testing-library/react';
import { afterEach, beforeAll, expect, test } from 'vitest';
import { aCase, announced } from './testing/cases.ts';
import { type Answer, atDesk, furnish, key, ME, NOW } from './testing/room.tsx';

beforeAll(furnish);
afterEach(cleanup);

const STANDING = {
  id: '0193580a-0000-7000-8000-000000000001',
  area: '522328101201',
  areaName: '平安村',
  from: '平安镇综治中心',
  title: '打疫苗',
  text: '明天上午村委会打疫苗。',
  at: NOW - 1000,
  until: NOW + 86_400_000,
  state: 'standing' as const,
  by: '李值班',
};
const BOARD: NoticeBoard = {
  notices: [STANDING],
  areas: [
    { area: '522328101', name: '平安镇', boxes: 120 },
    { area: '522328101201', name: '平安村', boxes: 40 },
  ],
  from: '平安镇综治中心',
  limits: { title: 30, text: 500, standing: 10, days: 90 },
};
const answers = (more: Record<string, Answer> = {}): Record<string, Answer> => ({ [noticePaths.notices]: { body: BOARD }, ...more });
/** The question that is open. */
const asks = (title: string) =>
  waitFor(() => {
    const question = document.querySelector('.ant-modal-confirm');
    expect(question?.textContent).toContain(title);
    return within(question as HTMLElement);
  });
const write = (label: string, value: string) => fireEvent.change(screen.getByLabelText(label), { target: { value } });
const writesAMeeting = async () => {
  key('t');
  await screen.findByLabelText('标题');
  write('标题', '开会');
  write('内容', '今晚开会。');
};
const sends = async () => {
  fireEvent.keyDown(screen.getByLabelText('内容'), { key: 'Enter', ctrlKey: true });
  fireEvent.click((await asks('发给平安镇的 120 台机顶盒？')).getByRole('button', { name: '发送' }));
  await waitFor(() => expect(document.querySelector('.ant-modal-confirm')).toBeNull());
};
type Room = Awaited<ReturnType<typeof atDesk>>;
const isOneNotice = ({ posted }: Room) => {
  const ids = posted.filter((p) => p.path === noticePaths.notices).map((p) => (p.body as { id: string }).id);
  expect(ids).toHaveLength(2);
  expect(ids[0]).toBe(ids[1]);
};

test('T opens the notices; one is written, looked at as the TV will show it, asked about, and sent once', async () => {
  const { posted } = await atDesk([], answers());
  key('t');
  await screen.findByLabelText('标题');
  write('标题', ' 周五停水 ');
  const send = () => screen.getByRole<HTMLButtonElement>('button', { name: '发送' });
  expect(send().disabled).toBe(true);
  expect(screen.getByText('请写内容')).toBeTruthy();
  write('内容', '上午八点到下午四点停水。\n\n\n\n请提前存水。');
  expect(screen.getByTestId('tv-title').textContent).toBe('周五停水');
  expect(screen.getByTestId('tv-lines').textContent).toBe('上午八点到下午四点停水。\n\n请提前存水。');
  fireEvent.click(send());
  const question = await asks('发给平安镇的 120 台机顶盒？');
  expect(posted.filter((p) => p.path === noticePaths.notices)).toEqual([]);
  fireEvent.click(question.getByRole('button', { name: '发送' }));
  await screen.findByText('“周五停水”发出去了');
  const [sent] = posted.filter((p) => p.path === noticePaths.notices).map((p) => p.body);
  expect(sent).toMatchObject({ area: '522328101', title: '周五停水', text: '上午八点到下午四点停水。\n\n请提前存水。' });
  expect((sent as { id: string }).id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7/);
  expect(screen.getByLabelText<HTMLInputElement>('标题').value).toBe('');
});

test('a refused notice says why, stays as it was written, and is the same notice when it is sent again', async () => {
  const post: Answer = { status: 409, body: { code: 'NOTICES_FULL' } };
  const room = await atDesk([], answers({ [`POST ${noticePaths.notices}`]: post }));
  await writesAMeeting();
  await sends();
  expect((await screen.findByRole('alert')).textContent).toContain('现在生效的通知已满');
  expect(screen.getByLabelText<HTMLInputElement>('标题').value).toBe('开会');
  Object.assign(post, { status: 200, body: STANDING });
  await sends();
  await screen.findByText('“开会”发出去了');
  isOneNotice(room);
});

test('without an answer nothing is said that nobody knows; sent again, from the page opened anew, it is the same notice', async () => {
  const post: Answer = { status: 504, body: {} };
  const room = await atDesk([], answers({ [`POST ${noticePaths.notices}`]: post }));
  await writesAMeeting();
  await sends();
  expect((await screen.findByRole('alert')).textContent).toContain('不知道发出去没有');
  key('t');
  key('t');
  await screen.findByLabelText('标题');
  Object.assign(post, { status: 200, body: STANDING });
  await sends();
  await screen.findByText('“开会”发出去了');
  isOneNotice(room);
});

test('one that was sent without an answer and withdrawn since is not called sent', async () => {
  const withdrawn = { ...STANDING, state: 'withdrawn' };
  await atDesk([], answers({ [`POST ${noticePaths.notices}`]: { body: withdrawn } }));
  await writesAMeeting();
  await sends();
  expect(await screen.findByText('“开会”发出去以后被撤回了')).toBeTruthy();
});

test('whoever has begun another one while the first was on its way keeps it, also where only its title differs', async () => {
  let arrives: () => void = () => undefined;
  const post: Answer = { after: new Promise<void>((resolve) => (arrives = resolve)), body: STANDING };
  await atDesk([], answers({ [`POST ${noticePaths.notices}`]: post }));
  await writesAMeeting();
  await sends();
  write('标题', '明晚开会');
  arrives();
  await screen.findByText('“开会”发出去了');
  expect(screen.getByLabelText<HTMLInputElement>('标题').value).toBe('明晚开会');
});

test('keys that are held, or pressed twice, ask once', async () => {
  await atDesk([], answers());
  await writesAMeeting();
  const enter = (repeat: boolean) => fireEvent.keyDown(screen.getByLabelText('内容'), { key: 'Enter', ctrlKey: true, repeat });
  enter(true);
  expect(document.querySelector('.ant-modal-confirm')).toBeNull();
  enter(false);
  await asks('发给平安镇的 120 台机顶盒？');
  enter(false);
  await asks('发给平安镇的 120 台机顶盒？');
  expect(document.querySelectorAll('.ant-modal-confirm')).toHaveLength(1);
});

test('one that stands is withdrawn after a question', async () => {
  const { posted } = await atDesk([], answers({ [noticePaths.withdrawNotice(STANDING.id)]: { body: STANDING } }));
  key('t');
  expect((await screen.findByTestId('notice')).textContent).toContain('李值班');
  fireEvent.click(screen.getByRole('button', { name: '撤回' }));
  fireEvent.click((await asks('撤回“打疫苗”？')).getByRole('button', { name: '撤回' }));
  await waitFor(() => expect(posted.map((p) => p.path)).toContain(noticePaths.withdrawNotice(STANDING.id)));
});

test('an alarm in between: the queue rings beside it, U leads to the case, and the words are still there afterwards', async () => {
  const { sources, audio } = await atDesk([], answers());
  key('t');
  await screen.findByLabelText('标题');
  write('标题', '周五停水');
  act(() => sources[0]!.emit('case', announced(8, 'opened', aCase())));
  expect(audio.told.at(-1)).toBe('ring 0');
  key('u');
  expect(screen.queryByTestId('notices')).toBeNull();
  key('t');
  expect((await screen.findByLabelText<HTMLInputElement>('标题')).value).toBe('周五停水');
});

test('whoever is no operator reads, and is told so', async () => {
  await atDesk([], answers({ [apiPaths.me]: { body: { ...ME, role: 'auditor' } } }));
  key('t');
  expect((await screen.findByTestId('notice')).textContent).toContain('打疫苗');
  expect(screen.queryByRole('button', { name: '撤回' })).toBeNull();
  expect(screen.queryByLabelText('标题')).toBeNull();
});
