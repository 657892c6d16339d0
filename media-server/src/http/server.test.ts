import { CodedError } from '@shouwang/protocol';
import { expect, test } from 'vitest';
import { silentLog } from '../lib/log.ts';
import { makeServer } from './server.ts';

test.each([
  ['the proxy that is configured', ['127.0.0.1'], '192.0.2.7'],
  ['a proxy of a block that is configured', ['127.0.0.0/8'], '192.0.2.7'],
  ['whoever else', ['10.1.0.0/16'], '127.0.0.1'],
  ['anybody, where none is', [], '127.0.0.1'],
])('who asked is what %s says', async (_who, trustProxy, address) => {
  const refused: string[] = [];
  const server = makeServer(
    { log: silentLog, allowedOrigins: [], trustProxy, webrtcRetryAfterS: 1, onRefused: (request) => refused.push(request.ip) },
    [
      (s) =>
        s.get('/', () => {
          throw new CodedError('SESSION_MISSING');
        }),
    ],
  );
  await server.inject({ url: '/', headers: { 'x-forwarded-for': '192.0.2.7' } });
  expect(refused).toEqual([address]);
  await server.close();
});
