import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { apiPaths, topics } from '@shouwang/protocol';
import { beforeAll, describe, expect, it } from 'vitest';
import { atTheEnd } from '../testing/at-the-end.ts';
import { aCentre, PASSWORD, SECRET, type TestCentre } from '../testing/centre.ts';
import { anAlarm } from '../testing/messages.ts';
import { TestOperator } from '../testing/operator.ts';

const atEnd = atTheEnd();
let centre: TestCentre;
let origin: string;
beforeAll(async () => {
  centre = await aCentre({
    atEnd,
    config: { http: { allowedOrigins: ['https://console.example'], mediaOrigins: ['http://media.example'] } },
  });
  origin = new URL(centre.addresses.httpUrl).origin;
  mkdirSync(join(centre.folder, 'console/assets'), { recursive: true });
  writeFileSync(join(centre.folder, 'console/index.html'), '<!doctype html><title>守望</title>');
  writeFileSync(join(centre.folder, 'console/assets/index-abc.js'), 'export {}');
});
const anyone = () => new TestOperator(centre.addresses.httpUrl);
const code = async (answer: Response) => [answer.status, ((await answer.json()) as { code: string }).code];

describe('logging in', () => {
  it('gives a cookie that scripts and other sites do not get, and says who one is', async () => {
    const answer = await anyone().asks('POST', apiPaths.login, { user: 'zhiban', password: PASSWORD });
    expect(await answer.json()).toEqual({ user: 'zhiban', post: '综治中心值班员', role: 'operator', centreName: '平安镇综治中心' });
    const [cookie] = answer.headers.getSetCookie();
    expect(cookie).toMatch(/^sw_session=[A-Za-z0-9_-]{43}; Max-Age=43200; Path=\/; HttpOnly; SameSite=Strict$/);
  });

  it.each([
    ['a wrong password', { user: 'shenji', password: 'wrong password' }, [401, 'BAD_CREDENTIALS']],
    ['an unknown person', { user: 'nobody', password: PASSWORD }, [401, 'BAD_CREDENTIALS']],
    ['somebody who left', { user: 'quitted', password: PASSWORD }, [401, 'BAD_CREDENTIALS']],
    ['no password', { user: 'zhiban' }, [400, 'BAD_PAYLOAD']],
    ['something else', '[', [400, 'BAD_JSON']],
    ['far too much', JSON.stringify({ user: 'x'.repeat(100_000), password: 'x' }), [413, 'TOO_LARGE']],
  ] as const)('%s is refused with a code', async (_what, body, expected) => {
    expect(await code(await anyone().asks('POST', apiPaths.login, body))).toEqual(expected);
  });

  it('after five failures in a minute that name is refused for a while, others are not', async () => {
    const own = await aCentre();
    const guess = async (user: string, password: string) => {
      const answer = await new TestOperator(own.addresses.httpUrl).asks('POST', apiPaths.login, { user, password });
      return answer.status;
    };
    for (let i = 0; i < 5; i++) expect(await guess('zhiban', `guess ${i}`)).toBe(401);
    expect(await guess('zhiban', PASSWORD)).toBe(429);
    expect(await guess('shenji', PASSWORD)).toBe(200);
  });

  it('logging out ends it; the cookie is worth nothing afterwards', async () => {
    const operator = await centre.operator();
    expect((await operator.asks('POST', apiPaths.logout)).status).toBe(204);
    expect(await code(await operator.asks('GET', apiPaths.me))).toEqual([401, 'NOT_LOGGED_IN']);
  });

  it.each([
    apiPaths.me,
    apiPaths.cases,
    apiPaths.case('20260101-0001'),
    apiPaths.cameras,
    apiPaths.ledger,
    apiPaths.deadLetters,
    apiPaths.live,
  ])('without it there is nothing at %s', async (path) => {
    const stranger = anyone();
    stranger.cookie = 'sw_session=guess';
    expect(await code(await stranger.asks('GET', path))).toEqual([401, 'NOT_LOGGED_IN']);
  });

  it('an auditor reads, and changes nothing', async () => {
    const auditor = await centre.operator('shenji');
    expect((await auditor.json('GET', apiPaths.ledger)).rows.length).toBeGreaterThan(0);
    expect(await code(await auditor.asks('POST', apiPaths.commands('20260101-0001'), { command: 'sign' }))).toEqual([403, 'NOT_ALLOWED']);
    expect(await code(await auditor.asks('POST', apiPaths.grants, { cameraId: 'x', why: { reason: 'round' } }))).toEqual([
      403,
      'NOT_ALLOWED',
    ]);
  });
});

describe('requests of other pages', () => {
  it.each([
    ['its own page', () => ({ origin }), 204],
    ['an allowed origin', () => ({ origin: 'https://console.example' }), 204],
    ['a program', () => ({}), 204],
    ['another site', () => ({ origin: 'https://evil.example' }), 403],
    ['a page without an origin', () => ({ origin: 'null' }), 403],
    ['another port of this machine', () => ({ origin: 'http://127.0.0.1:1' }), 403],
    ['another site, said otherwise', () => ({ 'sec-fetch-site': 'cross-site' }), 403],
  ] as const)('%s: %#', async (_what, headers, status) => {
    const operator = await centre.operator();
    expect((await operator.asks('POST', apiPaths.logout, undefined, headers())).status).toBe(status);
  });
});

describe('the console', () => {
  it('is where / leads to, with a policy that lets it reach the media nodes and nothing else', async () => {
    const home = await anyone().asks('GET', '/');
    expect([home.status, home.headers.get('location')]).toEqual([302, '/console']);
    const page = await anyone().asks('GET', '/console');
    expect([page.status, page.headers.get('cache-control')]).toEqual([200, 'no-cache']);
    expect(await page.text()).toContain('守望');
    const policy = page.headers.get('content-security-policy')!;
    expect(policy).toContain("script-src 'self';");
    expect(policy).toContain("connect-src 'self' http://media.example;");
    expect(policy).not.toContain('unsafe-eval');
    expect(page.headers.get('x-content-type-options')).toBe('nosniff');
    expect(page.headers.get('x-frame-options')).toBe('DENY');
  });

  it('its pages are one file, its assets are kept by the browser, and nothing lies beside them', async () => {
    expect(await (await anyone().asks('GET', '/console/cases/1')).text()).toContain('守望');
    const asset = await anyone().asks('GET', '/console/assets/index-abc.js');
    expect(asset.headers.get('cache-control')).toContain('immutable');
    expect(asset.headers.get('content-type')).toContain('javascript');
    for (const path of ['/console/assets/none.js', '/console/..%2fdata%2fshouwang.db', '/console/%2e%2e/enrolment.yaml', '/elsewhere'])
      expect([400, 404], path).toContain((await anyone().asks('GET', path)).status);
  });

  it('a console that was not built says what to do', async () => {
    const own = await aCentre();
    const page = await new TestOperator(own.addresses.httpUrl).asks('GET', '/console');
    expect([page.status, (await page.text()).includes('npm start')]).toEqual([503, true]);
  });
});

describe('the API', () => {
  it('what is not there is a coded error', async () => {
    expect(await code(await anyone().asks('GET', '/api/v1/nothing'))).toEqual([404, 'NOT_FOUND']);
    const operator = await centre.operator();
    expect(await code(await operator.asks('GET', apiPaths.case('20260101-9999')))).toEqual([404, 'CASE_UNKNOWN']);
    expect(await code(await operator.asks('GET', `${apiPaths.ledger}?after=x`))).toEqual([400, 'BAD_PAYLOAD']);
    expect(await code(await operator.asks('POST', apiPaths.commands('20260101-0001'), { command: 'explode' }))).toEqual([
      400,
      'BAD_PAYLOAD',
    ]);
  });

  it('the steps of a case, each once, each answered with the case after it', async () => {
    const [operator, box] = await Promise.all([centre.operator(), centre.box()]);
    await box.publishes(topics.boxUp('box-0001', 'alarm'), anAlarm('box-0001'));
    const { caseNo } = (await operator.json('GET', apiPaths.cases)).cases[0];
    const until = Date.now() + 30 * 3_600_000;
    const does = (command: object) => operator.json('POST', apiPaths.commands(caseNo), command);
    expect(await does({ command: 'sign' })).toMatchObject({ state: 'signed', post: '综治中心值班员', due: { step: 'handle' } });
    await expect(does({ command: 'sign' })).rejects.toThrow('CASE_STATE');
    expect(await does({ command: 'note', text: '已回电' })).toMatchObject({ state: 'signed', revision: 4 });
    expect(await does({ command: 'handle' })).toMatchObject({ state: 'handling' });
    // It is to be closed within a day anyway.
    await expect(does({ command: 'ask-extension', reason: '路远', until: Date.now() + 3_600_000 })).rejects.toThrow('CASE_STATE');
    expect(await does({ command: 'ask-extension', reason: '路远', until })).toMatchObject({ extension: { reason: '路远', until } });
    expect(await does({ command: 'grant-extension' })).toMatchObject({
      extension: { decided: 'granted' },
      due: { step: 'close', at: until },
    });
    expect(await does({ command: 'close', result: '已处理' })).toMatchObject({ state: 'closed', result: '已处理' });
    const detail = await operator.json('GET', apiPaths.case(caseNo));
    expect(detail.history.map((h: { event: string }) => h.event)).toEqual([
      'opened',
      'escalated',
      'signed',
      'noted',
      'handling',
      'extension-asked',
      'extension-granted',
      'closed',
    ]);
    expect(JSON.stringify(detail.history)).not.toContain('李值班');
  });

  it('is healthy when a commit works', async () => {
    expect(await anyone().json('GET', apiPaths.health)).toMatchObject({ ok: true, boxesOnline: expect.any(Number) });
  });

  it('gives out the public half of the key only', async () => {
    const { keys } = await anyone().json('GET', apiPaths.jwks);
    expect(keys).toEqual([expect.objectContaining({ kty: 'OKP', crv: 'Ed25519', alg: 'EdDSA', use: 'sig', kid: expect.any(String) })]);
    expect(keys[0]).not.toHaveProperty('d');
  });
});

describe('integrators over HTTP', () => {
  const as = (name: string, secret = SECRET) => ({ authorization: `Basic ${Buffer.from(`${name}:${secret}`).toString('base64')}` });

  it('catch up with the events of their areas by sequence number', async () => {
    const [near, far] = await Promise.all([centre.box(), centre.box('box-far')]);
    const [a, b] = [anAlarm('box-0001'), anAlarm('box-far')];
    await near.publishes(topics.boxUp('box-0001', 'alarm'), a);
    await far.publishes(topics.boxUp('box-far', 'alarm'), b);
    const events = async (name: string, query = '') => {
      const answer = await anyone().asks('GET', `${apiPaths.integratorEvents}${query}`, undefined, as(name));
      return ((await answer.json()) as { events: { data: { seq: number; alarmId: string; area: string } }[] }).events;
    };
    const mine = await events('integrator:110');
    expect(mine.some((e) => e.data.alarmId === a.id)).toBe(true);
    expect(mine.every((e) => e.data.area.startsWith('522328101'))).toBe(true);
    expect((await events('12345')).map((e) => e.data.alarmId)).toContain(b.id);
    const last = mine.at(-1)!.data.seq;
    expect(await events('110', `?after=${last}`)).toEqual([]);
    expect((await events('110', `?after=${mine[0]!.data.seq}&limit=1`)).map((e) => e.data.seq)).toEqual([mine[1]!.data.seq]);
  });

  it('see a household where they may, and that is on the record', async () => {
    const [operator, box] = await Promise.all([centre.operator(), centre.box()]);
    await box.publishes(topics.boxUp('box-0001', 'alarm'), anAlarm('box-0001'));
    const { caseNo } = (await operator.json('GET', apiPaths.cases)).cases[0];
    const answer = await anyone().asks('GET', apiPaths.integratorCase(caseNo), undefined, as('110'));
    expect(((await answer.json()) as { household: { name: string } }).household.name).toBe('王秀英');
    const { rows } = await operator.json('GET', `${apiPaths.ledger}?limit=1000`);
    expect(
      rows.filter((r: { kind: string; subject: string }) => r.kind === 'household.looked-up' && r.subject === `case:${caseNo}`),
    ).toHaveLength(1);
    expect(await code(await anyone().asks('GET', apiPaths.integratorCase(caseNo), undefined, as('12345')))).toEqual([403, 'NOT_ALLOWED']);
  });

  it.each([
    ['no credentials', {}],
    ['a wrong secret', as('110', 'x'.repeat(40))],
    ['an unknown name', as('119')],
    ['rubbish', { authorization: 'Basic ***' }],
  ])('%s: refused', async (_what, headers) => {
    expect(await code(await anyone().asks('GET', apiPaths.integratorEvents, undefined, headers))).toEqual([401, 'BAD_CREDENTIALS']);
  });
});
