/** A browser that shows no middleware's objects: a common one, which tells every key-up. */
import keys from '@shouwang/protocol/key-tables/cea-2014.json' with { type: 'json' };
import type { Middleware } from './middleware.ts';

export const unknown: Middleware = {
  name: 'unknown',
  label: '未识别',
  found: () => true,
  identity: () => ({}),
  keys: keys as Middleware['keys'],
  keyUps: true,
};
