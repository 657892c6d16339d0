/** iPanel 3.0. */
import keys from '@shouwang/protocol/key-tables/ipanel.json' with { type: 'json' };
import { look, type Middleware, text } from './middleware.ts';

export const ipanel: Middleware = {
  name: 'ipanel',
  label: 'iPanel',
  found: (g) => look(g, 'hardware.STB') !== undefined || look(g, 'CA.card.serialNumber') !== undefined || look(g, 'iPanel') !== undefined,
  identity: (g) => ({
    card: text(g, 'CA.card.serialNumber'),
    stb: text(g, 'hardware.STB.serial'),
    mac: text(g, 'network.ethernets.0.MACAddress'),
  }),
  keys: keys as Middleware['keys'],
  keyUps: false,
};
