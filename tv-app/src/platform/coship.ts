/** Coship (同洲). */
import keys from '@shouwang/protocol/key-tables/coship.json' with { type: 'json' };
import { look, type Middleware, text } from './middleware.ts';

export const coship: Middleware = {
  name: 'coship',
  label: '同洲 Coship',
  found: (g) => look(g, 'Network.ethernets') !== undefined || look(g, 'CA.serialNumber') !== undefined,
  identity: (g) => ({ card: text(g, 'CA.serialNumber'), mac: text(g, 'Network.ethernets.0.MACAddress') }),
  keys: keys as Middleware['keys'],
  keyUps: false,
};
