import { join } from 'node:path';
import { adminPaths, type NoticeBoard, type NoticeView, noticePaths } from '@shouwang/protocol';
import { describe, expect, it } from 'vitest';
import { uuid7 } from '../ids.ts';
import { aCentre, ENROLMENT, type TestCentre, VILLAGE } from '../testing/centre.ts';
import { ManualClock } from '../testing/manual-clock.ts';
import type { TestClient } from '../testing/mqtt-client.ts';
import type { TestOperator } from '../testing/operator.ts';

const TOWNSHIP = VILLAGE.slice(0, 9);
const DAY = 86_400_000;

function wanted(over: Partial<Record<'id' | 'area' | 'title' | 'text' | 'until', unknown>> = {}) {
  return { id: uuid7(Date.now()), area: VILLAGE, title: '周五停水', text: '上午八点到下午四点。', until: Date.now() + DAY, ...over };
}
const send = (who: TestOperator, over = {}): Promise<NoticeView> => who.json('POST', noticePaths.notices, wanted(over));
const board = (who: TestOperator): Promise<NoticeBoard> => who.json('GET', noticePaths.notices);
const told = (box: TestClient) => box.heard.filter((h) => h.topic.endsWith('/notices'));
const titles = (event: { data: { notices: { title: string }[] } }) => event.data.notices.map((n) => n.title);
const hearsTitles = (box: TestClient, expected: string[]) =>
  box.hears('/down/notices', (event) => JSON.stringify(titles(event)) === JSON.stringify(expected));
const ledger = async (who: TestOperator) =>
  ((await who.json('GET', '/api/v1/ledger?limit=1000')).rows as { kind: string; event: string }[]).filter((r) =>
    r.kind.startsWith('notice.'),
  );

describe('a notice', () => {
  it('goes at once to the boxes of its area, the newest first, and nowhere else', async () => {
    const centre = await aCentre();
    const [here, far, operator] = [await centre.newBox('box-0001'), await centre.newBox('box-far'), await centre.operator()];
    expect(await send(operator, { area: TOWNSHIP, title: '一' })).toMatchObject({ state: 'standing', areaName: '平安镇', by: '李值班' });
    await send(operator, { title: '二' });
    const { event, retain } = await hearsTitles(here, ['二', '一']);
    expect(retain).toBe(false);
    expect(event.data.notices[0]).toMatchObject({ from: '平安镇综治中心', text: '上午八点到下午四点。' });
    await hearsTitles(far, []);
    expect(told(far)).toHaveLength(1);
  });

  it('is there as a retained message for a box that subscribes later, also after a restart of the centre', async () => {
    const centre = await aCentre();
    await send(await centre.operator());
    await centre.close();
    const again = await aCentre({ folder: centre.folder });
    const box = await again.newBox('box-0002');
    expect((await hearsTitles(box, ['周五停水'])).retain).toBe(true);
  });

  it('that was withdrawn is gone from the boxes; who did both and when stands in the ledger, and not what it said', async () => {
    const centre = await aCentre();
    const [box, operator] = [await centre.newBox(), await centre.operator()];
    const { id } = await send(operator);
    await hearsTitles(box, ['周五停水']);
    const before = told(box).length;
    expect(await operator.json('POST', noticePaths.withdrawNotice(id))).toMatchObject({ state: 'withdrawn', withdrawnBy: '李值班' });
    await box.hears('/down/notices', (e) => told(box).length > before && titles(e).length === 0);
    // Again: the same answer, and nothing new on the record.
    expect(await operator.json('POST', noticePaths.withdrawNotice(id))).toMatchObject({ state: 'withdrawn' });
    const rows = await ledger(await centre.operator('shenji'));
    expect(rows.map((r) => r.kind)).toEqual(['notice.sent', 'notice.withdrawn']);
    expect(rows.map((r) => r.event).join()).not.toMatch(/停水|zhiban/);
    expect((await board(operator)).notices).toMatchObject([{ id, state: 'withdrawn' }]);
  });

  it('is over at its time: boxes whose clock is wrong are told', async () => {
    const clock = new ManualClock(Date.now());
    const centre = await aCentre({ clock });
    const [box, operator] = [await centre.newBox(), await centre.operator()];
    await send(operator, { title: '短', until: clock.now() + 3_600_000 });
    await send(operator, { title: '长', until: clock.now() + 2 * DAY });
    await hearsTitles(box, ['长', '短']);
    await clock.passes(3_600_001);
    await hearsTitles(box, ['长']);
    expect((await board(operator)).notices.map((n) => n.state)).toEqual(['standing', 'over']);
  });

  it('reaches a box that is enrolled later, and follows one that moves to another village', async () => {
    const centre = await aCentre();
    const [operator, admin] = [await centre.operator(), await centre.operator('guanli')];
    await send(operator);
    const secret = 'a-secret-of-more-than-32-characters-for-tests';
    const entry = { ...ENROLMENT.boxes[0]!, boxId: 'box-new', secret };
    await admin.json('POST', adminPaths.boxes, { boxes: [entry] });
    const box = await centre.newBox('box-new');
    await hearsTitles(box, ['周五停水']);
    await admin.json('POST', adminPaths.boxes, { boxes: [{ ...entry, area: '522328101999' }] });
    await hearsTitles(box, []);
  });

  it('sent twice with one id is one notice; with other content it is refused', async () => {
    const centre = await aCentre();
    const operator = await centre.operator();
    const one = wanted();
    const first = await operator.json('POST', noticePaths.notices, one);
    expect(await operator.json('POST', noticePaths.notices, one)).toEqual(first);
    await expect(operator.json('POST', noticePaths.notices, { ...one, text: '改了' })).rejects.toThrow('ID_CONFLICT');
    expect((await board(operator)).notices).toHaveLength(1);
  });
});

describe('what may be sent', () => {
  let centre: TestCentre;
  const limits = { maxTitle: 10, maxText: 20, maxStanding: 2, maxDays: 7 };
  const tight = async () => {
    centre = await aCentre({ config: { notices: limits } });
    return centre.operator();
  };

  it('nothing that is too long, not for the screen, or for nobody', async () => {
    const bad: [string, object][] = [
      ['a title that is too long', { title: '很'.repeat(11) }],
      ['a title of two lines', { title: '一\n二' }],
      ['a title of blanks', { title: '　 ' }],
      ['a text that is too long', { text: '很'.repeat(21) }],
      ['a text that turns its direction', { text: '开会\u202e改期' }],
      ['a control character', { text: 'a\u0007' }],
      ['a time that has passed', { until: Date.now() - 1 }],
      ['a time that is too far', { until: Date.now() + 8 * DAY }],
      ['an area where nobody is enrolled', { area: '522328999' }],
      ['no area', { area: '5223' }],
      ['an id of another kind', { id: 'notice-1' }],
    ];
    const operator = await tight();
    for (const [what, over] of bad) await expect(send(operator, over), what).rejects.toThrow('BAD_PAYLOAD');
    expect((await board(operator)).notices).toEqual([]);
  });

  it('no more for one household than the configuration says, however they are spread over its areas', async () => {
    const operator = await tight();
    await send(operator, { area: TOWNSHIP, title: '全镇' });
    await send(operator, { title: '本村' });
    await expect(send(operator)).rejects.toThrow('NOTICES_FULL');
    await expect(send(operator, { area: TOWNSHIP })).rejects.toThrow('NOTICES_FULL');
    // Elsewhere only the one for all stands.
    await send(operator, { area: '522401001001', title: '别处' });
    const { notices, limits: said, areas } = await board(operator);
    expect(said).toEqual({ title: 10, text: 20, standing: 2, days: 7 });
    expect(areas.find((a) => a.area === VILLAGE)).toEqual({ area: VILLAGE, name: '平安村', boxes: 2 });
    await operator.json('POST', noticePaths.withdrawNotice(notices.find((n) => n.title === '本村')!.id));
    await send(operator);
  });

  it('only operators send and withdraw; who is logged in reads; a notice that never was cannot be withdrawn', async () => {
    const operator = await tight();
    const { id } = await send(operator);
    for (const user of ['shenji', 'guanli']) {
      const other = await centre.operator(user);
      expect((await board(other)).notices).toHaveLength(1);
      await expect(send(other)).rejects.toThrow('NOT_ALLOWED');
      await expect(other.json('POST', noticePaths.withdrawNotice(id))).rejects.toThrow('NOT_ALLOWED');
    }
    await expect(operator.json('POST', noticePaths.withdrawNotice(uuid7(Date.now())))).rejects.toThrow('NOTICE_UNKNOWN');
    expect((await fetch(join(centre.addresses.httpUrl, noticePaths.notices))).status).toBe(401);
  });

  it('a box may neither say one nor hear those of another box', async () => {
    await tight();
    const box = await centre.connects('box:box-0001');
    expect(await box.subscribes('sw/v1/box/box-0002/down/notices')).toEqual([128]);
    await expect(box.publishes('sw/v1/box/box-0002/down/notices', {})).rejects.toThrow();
  });
});
