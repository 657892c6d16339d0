/** Inspur (浪潮). It offers no MAC address. */
import keys from '@shouwang/protocol/key-tables/coship.json' with { type: 'json' };
import { ask, look, type Middleware } from './middleware.ts';

export const inspur: Middleware = {
  name: 'inspur',
  label: '浪潮 Inspur',
  found: (g) => look(g, 'iSTB.settings') !== undefined,
  identity: (g) => ({ card: ask(g, 'iSTB.settings.get', 'sys:ca0:cardnumber') }),
  keys: keys as Middleware['keys'],
  keyUps: false,
};
