import { describe, expect, it } from 'vitest';
import { gatewayOf, neighbourhoodOf } from './neighbourhood.ts';

const HEAD = 'Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\t\tMTU\tWindow\tIRTT\n';
/** A default route by 192.168.1.1, and the route of the line itself. */
const ROUTES = `${HEAD}eth0\t00000000\t0101A8C0\t0003\t0\t0\t100\t00000000\t0\t0\t0\neth0\t0001A8C0\t00000000\t0001\t0\t0\t100\t00FFFFFF\t0\t0\t0\n`;
const ARP = (mac = '3C:52:82:AA:bb:01', flags = '0x2', device = 'eth0') =>
  `IP address       HW type     Flags       HW address            Mask     Device\n192.168.1.1      0x1         ${flags}         ${mac}     *        ${device}\n`;

const files = (routes?: string, arp?: string) => async (path: string) => {
  const text = path === '/proc/net/route' ? routes : arp;
  if (text === undefined) throw Object.assign(new Error('no such file'), { code: 'ENOENT' });
  return text;
};
const mark = (routes?: string, arp?: string, boxId = 'box-0001') => neighbourhoodOf(boxId, files(routes, arp));

describe('the neighbourhood', () => {
  it('is the same behind the same gateway, whatever the case of its letters', async () => {
    const here = await mark(ROUTES, ARP());
    expect(here).toMatch(/^[0-9a-f]{64}$/);
    expect(await mark(ROUTES, ARP('3c:52:82:aa:BB:01'))).toBe(here);
  });

  it('is another behind another gateway, and for another box behind the same: nobody learns who are neighbours', async () => {
    const here = await mark(ROUTES, ARP());
    expect(await mark(ROUTES, ARP('3c:52:82:aa:bb:02'))).not.toBe(here);
    expect(await mark(ROUTES, ARP(), 'box-0002')).not.toBe(here);
  });

  it.each([
    ['there are no such files', undefined, undefined],
    ['there is no default route, as on an IPv6-only line', HEAD, ARP()],
    ['the gateway has not been spoken to', ROUTES, ARP('00:00:00:00:00:00', '0x0')],
    ['the gateway is on another device', ROUTES, ARP(undefined, undefined, 'wlan0')],
    ['the files hold something else', 'x\ny z\n', '\u0000'],
  ])('is not known where %s', async (_, routes, arp) => {
    expect(await mark(routes, arp)).toBeUndefined();
  });

  it('is the one of the route that is used: up, by a gateway, of the lowest metric', () => {
    const down = 'eth1\t00000000\t0201A8C0\t0002\t0\t0\t0\t00000000\t0\t0\t0\n';
    const direct = 'ppp0\t00000000\t00000000\t0001\t0\t0\t0\t00000000\t0\t0\t0\n';
    const worse = 'wlan0\t00000000\t0101000A\t0003\t0\t0\t600\t00000000\t0\t0\t0\n';
    expect(gatewayOf(HEAD + down + direct + worse + ROUTES.slice(HEAD.length))).toEqual({ device: 'eth0', ip: '192.168.1.1' });
  });
});
