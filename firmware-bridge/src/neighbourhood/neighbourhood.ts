/**
 * Where a box stands in the network, as a mark that tells nobody where that is: a hash over the box and the hardware
 * address of its default gateway. A box that was carried to another house has another one.
 */
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';

/** Reads a small text file of the kernel. Rejects where there is none. */
export type ReadText = (path: string) => Promise<string>;

const ROUTES = '/proc/net/route';
const NEIGHBOURS = '/proc/net/arp';
/** RTF_UP and RTF_GATEWAY of route(7). */
const UP_GATEWAY = 0x3;
/** ATF_COM of arp(7): the address is known. */
const COMPLETE = 0x2;

/**
 * The mark, 64 hex digits; undefined where it is not known: another kernel than Linux, no IPv4 default route (an IPv6-only
 * line), or a gateway that has not been spoken to yet. Never rejects.
 */
export async function neighbourhoodOf(boxId: string, read: ReadText = (path) => readFile(path, 'utf8')): Promise<string | undefined> {
  try {
    const gateway = gatewayOf(await read(ROUTES));
    const address = gateway && hardwareAddressOf(gateway, await read(NEIGHBOURS));
    return address && createHash('sha256').update(`${boxId}\n${address}`).digest('hex');
  } catch {
    return undefined;
  }
}

interface Gateway {
  device: string;
  ip: string;
}

/** The IPv4 default gateway of lowest metric. Columns: Iface Destination Gateway Flags RefCnt Use Metric Mask …, hex in the machine's byte order. */
export function gatewayOf(routes: string): Gateway | undefined {
  let best: (Gateway & { metric: number }) | undefined;
  for (const line of routes.split('\n').slice(1)) {
    const [device, destination, gateway, flags, , , metric, mask] = line.trim().split(/\s+/);
    if (!device || destination !== '00000000' || mask !== '00000000' || !gateway) continue;
    if ((Number.parseInt(flags ?? '', 16) & UP_GATEWAY) !== UP_GATEWAY) continue;
    const ip = dotted(gateway);
    const m = Number(metric);
    if (ip && (!best || m < best.metric)) best = { device, ip, metric: m };
  }
  return best && { device: best.device, ip: best.ip };
}

/** Columns: IP address, HW type, Flags, HW address, Mask, Device. */
export function hardwareAddressOf({ device, ip }: Gateway, neighbours: string): string | undefined {
  for (const line of neighbours.split('\n').slice(1)) {
    const [address, , flags, hardware, , on] = line.trim().split(/\s+/);
    if (address !== ip || on !== device || !hardware) continue;
    if ((Number.parseInt(flags ?? '', 16) & COMPLETE) === 0 || /^[0:]*$/.test(hardware)) continue;
    return hardware.toLowerCase();
  }
  return undefined;
}

/** Every set-top box of this market is little-endian, and so is every test machine: the first byte is the last number. */
function dotted(hex: string): string | undefined {
  if (!/^[0-9A-F]{8}$/i.test(hex)) return undefined;
  const bytes = hex.match(/../g) ?? [];
  return bytes
    .reverse()
    .map((b) => Number.parseInt(b, 16))
    .join('.');
}
