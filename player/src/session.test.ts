import { expect, test } from 'vitest';
import { openSession } from './session.ts';
import { answer, FakeTimers, refuse } from './testing/fakes.ts';
import { grant, makeNode } from './testing/world.ts';

test('a grant is exchanged once, and the bearer goes in a header', async () => {
  const node = makeNode();
  const session = await openSession(grant, { http: node.http, timers: new FakeTimers() });
  await session.request('/v1/cameras/gate/still.jpg');
  expect(JSON.parse(node.asked[0]!.body!)).toEqual({ grant: grant.token });
  expect(node.asked[1]!.headers).toEqual({ authorization: 'Bearer secret' });
  expect(node.asked.some((a) => a.url.includes('secret'))).toBe(false);
});

test('a refused grant rejects with the code of the node', async () => {
  const node = makeNode();
  node.answers['POST /v1/sessions'] = () => refuse('GRANT_USED');
  await expect(openSession(grant, { http: node.http })).rejects.toMatchObject({ code: 'GRANT_USED' });
});

test('a node that does not answer rejects with TIMEOUT', async () => {
  const node = makeNode();
  node.answers['POST /v1/sessions'] = () => new TypeError('network');
  await expect(openSession(grant, { http: node.http })).rejects.toMatchObject({ code: 'TIMEOUT' });
});

test('a node that takes the grant and says nothing rejects with TIMEOUT, and a session that it gives later is ended', async () => {
  const node = makeNode();
  const timers = new FakeTimers();
  let speak = () => {};
  const silent = new Promise<void>((resolve) => {
    speak = resolve;
  });
  const opening = openSession(grant, { http: (url, init) => silent.then(() => node.http(url, init)), timers });
  const outcome = opening.then(
    () => 'opened',
    (error: { code: string }) => error.code,
  );
  await timers.pass(9_999);
  expect(await Promise.race([outcome, 'waiting'])).toBe('waiting');
  await timers.pass(1);
  expect(await outcome).toBe('TIMEOUT');
  speak();
  await timers.pass(60_000);
  expect(node.asked.map((a) => a.method)).toEqual(['POST', 'DELETE']);
  expect(timers.pending).toBe(0);
});

test('an answer that is no session rejects with a code', async () => {
  const node = makeNode();
  node.answers['POST /v1/sessions'] = () => answer(200, '<html>welcome to the hotel</html>');
  await expect(openSession(grant, { http: node.http })).rejects.toMatchObject({ name: 'CodedError' });
});

test('a renewal that is never answered is tried again too', async () => {
  const node = makeNode();
  const timers = new FakeTimers();
  const http: typeof node.http = (url, init) => {
    const answered = node.http(url, init);
    return url.endsWith('/renew') && node.count('POST /v1/sessions/current/renew') === 1 ? new Promise(() => {}) : answered;
  };
  const session = await openSession(grant, { http, timers });
  await timers.pass(40_000);
  expect(node.count('POST /v1/sessions/current/renew')).toBe(2);
  await session.close();
  expect(timers.pending).toBe(0);
});

test('it renews every renewEveryS seconds', async () => {
  const node = makeNode();
  const timers = new FakeTimers();
  await openSession(grant, { http: node.http, timers });
  await timers.pass(19_999);
  expect(node.count('POST /v1/sessions/current/renew')).toBe(0);
  await timers.pass(40_002);
  expect(node.count('POST /v1/sessions/current/renew')).toBe(3);
});

test('a renewal without an answer is tried again within 5 s, and then the rhythm goes on', async () => {
  const node = makeNode();
  const timers = new FakeTimers();
  const session = await openSession(grant, { http: node.http, timers });
  const good = node.answers['POST /v1/sessions/current/renew']!;
  node.answers['POST /v1/sessions/current/renew'] = () => new TypeError('network');
  await timers.pass(50_000);
  const tries = node.count('POST /v1/sessions/current/renew');
  expect(tries).toBeGreaterThanOrEqual(7);
  expect(session.ended).toBeUndefined();
  node.answers['POST /v1/sessions/current/renew'] = good;
  await timers.pass(5_000);
  const after = node.count('POST /v1/sessions/current/renew');
  await timers.pass(19_000);
  expect(node.count('POST /v1/sessions/current/renew') - after).toBeLessThanOrEqual(1);
});

test('the node ending the session is told once, and renewing stops', async () => {
  const node = makeNode();
  const timers = new FakeTimers();
  const session = await openSession(grant, { http: node.http, timers });
  const codes: string[] = [];
  session.onEnd((code) => codes.push(code));
  node.answers['POST /v1/sessions/current/renew'] = () => refuse('SESSION_INVALID');
  await timers.pass(100_000);
  expect(codes).toEqual(['SESSION_INVALID']);
  expect(session.ended).toBe('SESSION_INVALID');
  expect(timers.pending).toBe(0);
});

test('closing deletes the session with keepalive, once, and stops renewing', async () => {
  const node = makeNode();
  const timers = new FakeTimers();
  const session = await openSession(grant, { http: node.http, timers });
  await session.close();
  await session.close();
  await timers.pass(60_000);
  const deletes = node.asked.filter((a) => a.method === 'DELETE');
  expect(deletes).toEqual([
    expect.objectContaining({ url: 'http://media.test/v1/sessions/current', keepalive: true, headers: { authorization: 'Bearer secret' } }),
  ]);
  expect(node.count('POST /v1/sessions/current/renew')).toBe(0);
});
