import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { adminPaths, boxPaths, makeEvent, noticePaths, topics } from '@shouwang/protocol';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { uuid7 } from '../ids.ts';
import { atTheEnd } from '../testing/at-the-end.ts';
import { aCentre, type CentreOptions, SECRET, type TestCentre } from '../testing/centre.ts';
import { aFolder } from '../testing/folder.ts';
import { ManualClock } from '../testing/manual-clock.ts';
import { PageBox } from '../testing/page-box.ts';
import { WRONG_VOIDS } from './activation.ts';

const atEnd = atTheEnd();
let centre: TestCentre;
let box: PageBox;

type Http = Record<string, unknown>;

async function aServingCentre(http: Http = {}, more: Pick<CentreOptions, 'clock' | 'atEnd'> = {}): Promise<TestCentre> {
  const folder = aFolder(more.atEnd);
  mkdirSync(join(folder, 'tv', 'assets'), { recursive: true });
  writeFileSync(join(folder, 'tv', 'index.html'), '<head><meta name="shouwang-served-by" content="bridge" /></head>');
  writeFileSync(join(folder, 'tv', 'assets', 'a.js'), '1');
  return aCentre({ folder, ...more, config: { http: { tvAppDir: join(folder, 'tv'), boxPollS: 0.2, ...http } } });
}

const boxOf = (at: TestCentre, boxId = 'box-0001') => new PageBox(at.addresses.httpUrl, { boxId, secret: SECRET });

beforeAll(async () => {
  centre = await aServingCentre({}, { atEnd });
});
beforeEach(() => {
  box = boxOf(centre);
});

const message = <D>(type: string, data: D, now = Date.now()) => makeEvent(type, 'box/box-0001', uuid7(now), now, data);
const alarm = () => message('cn.shouwang.alarm.raised.v1', { pressedAt: Date.now(), gesture: 'hold', withdrawWindowS: 3 });

it('the township’s notices come with its first question, and when another one is sent', async () => {
  const operator = await centre.operator();
  const send = (title: string) =>
    operator.json('POST', noticePaths.notices, {
      id: uuid7(Date.now()),
      area: '522328101201',
      title,
      text: '正文',
      until: Date.now() + 60_000,
    });
  await send('一');
  const told = () => box.heard.filter((m) => m.type === 'cn.shouwang.box.notices.v1').map((m) => m.data.notices[0]?.title);
  await box.polls();
  await box.says('sync', message('cn.shouwang.box.sync.v1', { open: [], version: 'page' }));
  await box.polls();
  expect(told()).toEqual(['一']);
  await send('二');
  await box.polls();
  expect(told()).toEqual(['一', '二']);
});

describe('a message over HTTP', () => {
  it('is answered with `received` once it is committed, and is a case like any other', async () => {
    const operator = await centre.operator();
    const raised = alarm();
    const { status, answer } = await box.says('alarm', raised);
    expect(status).toBe(200);
    expect(answer).toMatchObject({ type: 'cn.shouwang.box.received.v1', data: { messageId: raised.id, caseNo: expect.any(String) } });
    const { cases } = await operator.json('GET', '/api/v1/cases');
    expect(cases).toContainEqual(expect.objectContaining({ alarmId: raised.id, caseNo: answer.data.caseNo }));
  });

  it('said again is answered again, and makes no second case', async () => {
    const operator = await centre.operator();
    const raised = alarm();
    const first = await box.says('alarm', raised);
    const second = await box.says('alarm', raised);
    expect(second.answer.data).toEqual(first.answer.data);
    const { cases } = await operator.json('GET', '/api/v1/cases');
    expect(cases.filter((c: { alarmId: string }) => c.alarmId === raised.id)).toHaveLength(1);
  });

  it('that is refused for good is answered with `rejected`, its code and whom to ring', async () => {
    const rating = message('cn.shouwang.case.rating.v1', { alarmId: uuid7(Date.now()), rating: 'fair', at: Date.now() });
    const { status, answer } = await box.says('rating', rating);
    expect(status).toBe(200);
    expect(answer).toMatchObject({
      type: 'cn.shouwang.box.rejected.v1',
      data: { messageId: rating.id, code: 'ALARM_UNKNOWN', phone: '0859-555-0110' },
    });
  });

  it('that comes before its alarm is taken and answered later, in the state', async () => {
    box = boxOf(centre, 'box-far');
    await box.polls();
    const raised = alarm();
    const withdraw = message('cn.shouwang.alarm.withdrawn.v1', { alarmId: raised.id, at: Date.now() });
    expect((await box.says('withdraw', withdraw)).status).toBe(202);
    await box.says('alarm', raised);
    await box.polls();
    expect(box.heard.filter((m) => m.type === 'cn.shouwang.box.received.v1').map((m) => m.data.messageId)).toEqual([
      raised.id,
      withdraw.id,
    ]);
  });

  it('that cannot be read is a dead letter and a coded error', async () => {
    const operator = await centre.operator('shenji');
    expect((await box.says('alarm', 'not json')).answer.code).toBe('BAD_PAYLOAD');
    expect((await box.says('nonsense', alarm())).answer.code).toBe('UNKNOWN_TOPIC');
    const { deadLetters } = await operator.json('GET', '/api/v1/dead-letters');
    expect(deadLetters.slice(0, 2).map((d: { code: string }) => d.code)).toEqual(['UNKNOWN_TOPIC', 'BAD_JSON']);
    expect(deadLetters[1]).toMatchObject({ client: 'box:box-0001', payload: 'not json' });
  });

  it('the list of cameras is its own answer', async () => {
    const asked = message('cn.shouwang.box.view.v1', { ask: 'cameras' });
    const { answer } = await box.says('view', asked);
    expect(answer).toMatchObject({ type: 'cn.shouwang.box.cameras.v1', data: { requestId: asked.id, cameras: [] } });
  });
});

describe('the state', () => {
  it('after a sync tells the centre, its notices and progress once, and what changes after that', async () => {
    const operator = await centre.operator();
    box = boxOf(centre, 'box-0002');
    expect(await box.polls()).toMatchObject({ anew: true, messages: [] });
    await box.says('sync', message('cn.shouwang.box.sync.v1', { open: [], version: '0' }));
    await box.polls();
    expect(box.heard.map((m) => m.type)).toEqual(['cn.shouwang.centre.notice.v1', 'cn.shouwang.box.notices.v1']);
    const { caseNo } = (await box.says('alarm', alarm())).answer.data;
    await operator.json('POST', `/api/v1/cases/${caseNo}/commands`, { command: 'sign' });
    await box.polls();
    expect(box.heard.at(-1)).toMatchObject({ type: 'cn.shouwang.alarm.progress.v1', data: { caseNo, state: 'signed' } });
    expect((await box.polls()).messages).toEqual([]);
  });

  it('answers a waiting poll as soon as there is something', async () => {
    box = boxOf(await aServingCentre({ boxPollS: 60 }));
    await box.polls();
    const waiting = box.polls();
    await box.says('alarm', alarm());
    expect((await waiting).messages.length).toBeGreaterThan(0);
  });

  it('of a box that polls counts it as there', async () => {
    const operator = await centre.operator('guanli');
    await operator.listens();
    await box.polls();
    await operator.json('GET', adminPaths.box('box-0001')).then((b) => expect(b.online).toBe(true));
    expect((await operator.json('GET', adminPaths.box('box-gone'))).online).toBe(false);
  });

  it('tells those above the limit when to come again instead of letting them wait', async () => {
    box = boxOf(await aServingCentre({ maxBoxPolls: 0, boxPollS: 60 }));
    await box.polls();
    expect((await box.polls()).againInMs).toBeGreaterThan(0);
  });
});

describe('the door', () => {
  it.each([
    ['a wrong secret', { boxId: 'box-0001', secret: 'x' }, 'BAD_CREDENTIALS'],
    ['a box that nobody enrolled', { boxId: 'box-none', secret: SECRET }, 'BAD_CREDENTIALS'],
    ['a revoked box', { boxId: 'box-gone', secret: SECRET }, 'BOX_REVOKED'],
  ])('%s is refused, on the record', async (_what, credentials, code) => {
    const auditor = await centre.operator('shenji');
    const stranger = new PageBox(centre.addresses.httpUrl, credentials);
    expect((await stranger.says('alarm', alarm())).answer.code).toBe(code);
    await expect(stranger.polls()).rejects.toThrow(code);
    const { deadLetters } = await auditor.json('GET', '/api/v1/dead-letters');
    expect(deadLetters[0]).toMatchObject({ code, client: `http box:${credentials.boxId}` });
  });

  it('the right secret gets in however many wrong ones came from the same address', async () => {
    const stranger = new PageBox(centre.addresses.httpUrl, { boxId: 'box-0001', secret: 'x' });
    for (let n = 0; n < 30; n++) await stranger.asks('GET', boxPaths.state);
    expect((await stranger.asks('GET', boxPaths.state)).status).toBe(429);
    expect((await box.says('alarm', alarm())).status).toBe(200);
  });

  it('is not there where no TV page is configured', async () => {
    const other = await aCentre();
    const operator = await other.operator('guanli');
    expect((await operator.asks('GET', '/tv/')).status).toBe(404);
    expect((await operator.asks('GET', boxPaths.state)).status).toBe(404);
    await expect(operator.json('POST', adminPaths.activation('box-0001'))).rejects.toThrow('NOT_FOUND');
  });
});

it('the TV page knows that the centre serves it, and whom to ring', async () => {
  const page = await box.asks('GET', '/tv/');
  expect(page.headers.get('content-security-policy')).toContain("script-src 'self'");
  expect(await page.text()).toContain('content="centre" data-name="平安镇综治中心" data-phone="0859-555-0110"');
  expect((await box.asks('GET', '/tv')).status).toBe(308);
  expect((await box.asks('GET', '/tv/assets/a.js')).headers.get('cache-control')).toContain('immutable');
  expect((await box.asks('GET', '/tv/..%2f..%2fenrolment.yaml')).ok).toBe(false);
});

describe('activation', () => {
  // Of its own: it changes secrets.
  const atEnd = atTheEnd();
  let centre: TestCentre;
  beforeAll(async () => {
    centre = await aServingCentre({}, { atEnd });
  });
  it('a code opens its box once; what the page said of itself is a hint for the engineer', async () => {
    const admin = await centre.operator('guanli');
    const { code } = await admin.json('POST', adminPaths.activation('box-0002'));
    expect(code).toMatch(/^[0-9]{8}$/);
    const page = new PageBox(centre.addresses.httpUrl);
    expect(await page.activates(code)).toBe(200);
    expect(page.boxId).toBe('box-0002');
    expect((await page.says('alarm', alarm())).status).toBe(200);
    expect(await new PageBox(centre.addresses.httpUrl).activates(code)).toBe(401);
    expect(await admin.json('GET', adminPaths.activation('box-0002'))).toMatchObject({
      activatedAt: expect.any(Number),
      reported: { middleware: 'ipanel', card: '8531002345678901' },
    });
  });

  it('ends the account’s earlier secret and what it was watching, and a newer code ends the older', async () => {
    const node = await centre.connects('media:media-01');
    await node.subscribes(topics.mediaDownAny('media-01'));
    const admin = await centre.operator('guanli');
    const old = await admin.json('POST', adminPaths.activation('box-0001'));
    const { code } = await admin.json('POST', adminPaths.activation('box-0001'));
    const page = new PageBox(centre.addresses.httpUrl);
    expect(await page.activates(old.code)).toBe(401);
    expect(await page.activates(code)).toBe(200);
    expect((await boxOf(centre).says('alarm', alarm())).answer.code).toBe('BAD_CREDENTIALS');
    await node.hears('/down/revoke', (e) => e.data.viewer === 'box:box-0001');
  });

  it('a code that is too old opens nothing', async () => {
    const clock = new ManualClock();
    const centre = await aServingCentre({ activationS: 60 }, { clock });
    const admin = await centre.operator('guanli');
    const { code } = await admin.json('POST', adminPaths.activation('box-0001'));
    clock.passes(61_000);
    expect(await new PageBox(centre.addresses.httpUrl).activates(code)).toBe(401);
  });

  it('guessing is slowed down, and voids the open codes in the end', async () => {
    const clock = new ManualClock();
    const centre = await aServingCentre({ activationS: 86_400 }, { clock });
    const admin = await centre.operator('guanli');
    const { code } = await admin.json('POST', adminPaths.activation('box-0001'));
    const wrong = code === '00000000' ? '00000001' : '00000000';
    const guesser = new PageBox(centre.addresses.httpUrl);
    const answers = [];
    for (let n = 0; n < 6; n++) answers.push(await guesser.activates(wrong));
    expect(answers).toEqual([401, 401, 401, 401, 401, 429]);
    for (let left = WRONG_VOIDS - 5; left > 0; left--) {
      if (left % 5 === 0) clock.passes(61_000);
      expect(await guesser.activates(wrong)).toBe(401);
    }
    clock.passes(61_000);
    expect(await guesser.activates(code)).toBe(401);
  });

  it('only an administrator makes codes, for enrolled boxes in force', async () => {
    const operator = await centre.operator();
    await expect(operator.json('POST', adminPaths.activation('box-0001'))).rejects.toThrow('NOT_ALLOWED');
    const admin = await centre.operator('guanli');
    for (const method of ['GET', 'POST'] as const)
      await expect(admin.json(method, adminPaths.activation('box-none'))).rejects.toThrow('NOT_FOUND');
    await expect(admin.json('POST', adminPaths.activation('box-gone'))).rejects.toThrow('BOX_REVOKED');
  });
});
