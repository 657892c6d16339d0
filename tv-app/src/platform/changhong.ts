/** Changhong (长虹), as in Sichuan. Its remotes are of the 0x901 family. */
import keys from '@shouwang/protocol/key-tables/coship.json' with { type: 'json' };
import { look, type Middleware, text } from './middleware.ts';

export const changhong: Middleware = {
  name: 'changhong',
  label: '长虹 Changhong',
  found: (g) => look(g, 'CAManager') !== undefined,
  identity: (g) => ({ card: text(g, 'CAManager.cardSerialNumber'), mac: text(g, 'Ethernet.MACAddress') }),
  keys: keys as Middleware['keys'],
  keyUps: false,
};
