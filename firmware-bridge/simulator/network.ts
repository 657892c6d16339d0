/** The network next to a simulated box: a gateway with the hardware address that the box is told, by 192.168.1.1 on eth0. */
import type { ReadText } from '../src/neighbourhood/neighbourhood.ts';

const ROUTE = ['Iface', 'Destination', 'Gateway', 'Flags', 'RefCnt', 'Use', 'Metric', 'Mask', 'MTU', 'Window', 'IRTT'];
const DEFAULT = ['eth0', '00000000', '0101A8C0', '0003', '0', '0', '100', '00000000', '0', '0', '0'];

/** Stands in for the kernel's tables of routes and neighbours. Empty: no network is known. */
export function simulatedNetwork(gateway: string): ReadText {
  return async (path) => {
    if (!gateway) throw Object.assign(new Error(`no ${path}`), { code: 'ENOENT' });
    if (path === '/proc/net/route') return `${ROUTE.join('\t')}\n${DEFAULT.join('\t')}\n`;
    return `IP address HW type Flags HW address Mask Device\n192.168.1.1 0x1 0x2 ${gateway} * eth0\n`;
  };
}
