import { isValid } from '@shouwang/protocol/validators';
import { describe, expect, it } from 'vitest';
import { endOfDay, everybody, newDraft, noticeText, noticeTitle, proposedEnds, whatIsMissing } from './notices.ts';

const NOW = new Date(2026, 10, 23, 14, 5).getTime();
const area = (code: string, boxes: number) => ({ area: code, name: code, boxes });

it('a notice stands until the end of a day', () => {
  expect(new Date(endOfDay(NOW, 0)).toString()).toContain('Nov 23 2026 23:59:00');
  expect(new Date(endOfDay(NOW, 30)).toString()).toContain('Dec 23 2026 23:59:00');
});

it.each([
  [
    'the township, where everybody is in it',
    [area('522328', 9), area('522328101', 9), area('522328101201', 5), area('522328101202', 4)],
    '522328101',
  ],
  ['the township, where it has one village', [area('522328101', 9), area('522328101201', 9)], '522328101'],
  ['the county, where it has several townships', [area('522328', 9), area('522328101', 5), area('522328102', 4)], '522328'],
  ['nowhere, where nobody is enrolled', [], undefined],
])('goes to %s, unless another area is chosen', (_what, areas, expected) => {
  expect(everybody(areas)).toBe(expected);
});

it('blanks at line ends and rows of empty lines take no lines on the TV', () => {
  expect(noticeText(' 一\r\n\r\n\r\n\r\n二　 \n三 ')).toBe('一\n\n二\n三');
});

it('what is pasted becomes what the centre takes', () => {
  const pasted = ' 序号\t时间\u0007\r\n1\u2028\u202a0859-555-0110\u202c\u2066。\u0085';
  expect(noticeText(pasted)).toBe('序号 时间\n1\n0859-555-0110。');
  expect(noticeTitle(pasted)).toBe('序号 时间 1 0859-555-0110。');
  const notice = { id: '0193580a-0000-7000-8000-000000000001', area: '522328101', until: NOW };
  expect(isValid('NoticeWanted', { ...notice, title: noticeTitle(pasted), text: noticeText(pasted) })).toBe(true);
});

it('no end is offered that the centre then refuses', () => {
  expect(proposedEnds(NOW, 90).map((e) => e.zh)).toEqual(['今天', '三天', '一周', '一个月']);
  expect(proposedEnds(NOW, 7).map((e) => e.zh)).toEqual(['今天', '三天']);
  expect(proposedEnds(endOfDay(NOW, 0), 90)[0]?.zh).toBe('三天');
});

describe('what is missing', () => {
  const whole = { ...newDraft(NOW), area: '522328101', title: '停水', text: '周五停水' };
  it.each([
    [{}, undefined],
    [{ area: undefined }, '还没有登记机顶盒'],
    [{ title: ' ' }, '请写标题'],
    [{ text: '\n' }, '请写内容'],
    [{ text: '\u202a\u0007' }, '请写内容'],
    [{ until: undefined }, '请选显示到什么时候'],
    [{ until: NOW }, '这个时间已经过了'],
    [{ until: NOW + 91 * 86_400_000 }, '最多显示 90 天'],
  ])('%j', (over, expected) => {
    expect(whatIsMissing({ ...whole, ...over }, NOW, 90)).toBe(expected);
  });
});
