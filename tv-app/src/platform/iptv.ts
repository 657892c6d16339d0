/** Huawei, ZTE and Skyworth IPTV: `CTCGetConfig` on boxes for China Telecom, `CUGetConfig` on those for China Unicom. HELP is an alarm key here. */
import keys from '@shouwang/protocol/key-tables/iptv.json' with { type: 'json' };
import { ask, look, type Middleware } from './middleware.ts';

export const iptv: Middleware = {
  name: 'iptv',
  label: 'IPTV（华为、中兴、创维）',
  found: (g) => look(g, 'Authentication') !== undefined,
  identity: (g) => ({
    stb: ask(g, 'Authentication.CTCGetConfig', 'STBID') ?? ask(g, 'Authentication.CUGetConfig', 'STBID'),
    mac: ask(g, 'Authentication.CTCGetLocalMAC') ?? ask(g, 'CTCGetLocalMAC'),
  }),
  keys: keys as Middleware['keys'],
  keyUps: false,
};
