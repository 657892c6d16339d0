import { CodedError } from '@shouwang/protocol';
import { expect, test } from 'vitest';
import { createApiClient, errorText } from './api-client.ts';

function client(answer: () => Response | Promise<Response>) {
  const calls: { url: string; init: RequestInit | undefined }[] = [];
  let loggedOut = 0;
  const api = createApiClient({
    fetch: (async (url: string, init?: RequestInit) => {
      calls.push({ url, init });
      return answer();
    }) as typeof fetch,
    onLoggedOut: () => {
      loggedOut += 1;
    },
  });
  return { api, calls, loggedOut: () => loggedOut };
}

const refusal = (status: number, body: unknown) => new Response(typeof body === 'string' ? body : JSON.stringify(body), { status });

test('a refusal keeps the centre’s code and detail', async () => {
  const { api } = client(() => refusal(409, { code: 'CASE_STATE', message: 'x', detail: 'the case is closed', retry: false }));
  await expect(api.command('20261123-0001', { command: 'sign' })).rejects.toMatchObject({
    code: 'CASE_STATE',
    detail: 'the case is closed',
  });
});

test('an ended session is told once a request notices it', async () => {
  const { api, loggedOut } = client(() => refusal(401, { code: 'NOT_LOGGED_IN', message: 'x', retry: false }));
  await expect(api.cases()).rejects.toMatchObject({ code: 'NOT_LOGGED_IN' });
  expect(loggedOut()).toBe(1);
});

test('a wrong password is not an ended session', async () => {
  const { api, loggedOut } = client(() => refusal(401, { code: 'BAD_CREDENTIALS', message: 'x', retry: false }));
  await expect(api.login({ user: 'a', password: 'b' })).rejects.toMatchObject({ code: 'BAD_CREDENTIALS' });
  expect(loggedOut()).toBe(0);
});

test('no answer is OFFLINE, a proxy’s page too', async () => {
  const dead = client(() => Promise.reject(new TypeError('fetch failed')));
  await expect(dead.api.me()).rejects.toMatchObject({ code: 'OFFLINE' });
  const proxy = client(() => refusal(502, '<html>Bad gateway</html>'));
  await expect(proxy.api.me()).rejects.toMatchObject({ code: 'OFFLINE' });
});

test('words for the operator: the table’s, and whether trying again helps', () => {
  expect(errorText(new CodedError('CASE_STATE'))).toBe('案件现在不能这样处理（CASE_STATE）');
  expect(errorText(new CodedError('STORE_UNAVAILABLE'))).toBe('中心暂时不能记录，请稍后再试（STORE_UNAVAILABLE）');
  expect(errorText(new Error('secret'))).toBe('内部错误，请再试一次（INTERNAL）');
});
