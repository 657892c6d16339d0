/** Where WebRTC listens and what viewers are told. */
import { networkInterfaces } from 'node:os';
import type { types } from 'mediasoup';
import type { MediaConfig } from '../../config.ts';

type WebRtcConfig = Pick<MediaConfig['webrtc'], 'host' | 'port' | 'announcedAddress'>;

/** At 60 viewers of 4 Mbit/s the system's default lost packets. */
const BUFFER_BYTES = 2 * 1024 * 1024;

/**
 * UDP and TCP for each address. Of a wildcard each address of the machine: a candidate has to be one that a viewer can reach,
 * and which one that is only the viewer can find out. With an announced address there is one way in.
 */
export function listenInfos(config: WebRtcConfig, interfaces = networkInterfaces()): types.TransportListenInfo[] {
  const { host, port, announcedAddress } = config;
  const wildcard = host === '0.0.0.0' || host === '::';
  const addresses = wildcard && !announcedAddress ? ownAddresses(interfaces, host === '::') : [host];
  return addresses.flatMap((ip) =>
    (['udp', 'tcp'] as const).map((protocol) => ({
      protocol,
      ip,
      port,
      sendBufferSize: BUFFER_BYTES,
      recvBufferSize: BUFFER_BYTES,
      ...(announcedAddress ? { announcedAddress } : {}),
    })),
  );
}

/** Loopback last: it serves only viewers on this machine. */
function ownAddresses(interfaces: ReturnType<typeof networkInterfaces>, six: boolean): string[] {
  const all = Object.values(interfaces).flatMap((list) => list ?? []);
  // Link-local addresses need a zone, which a candidate cannot carry (RFC 8839, 5.1).
  const usable = all.filter((a) => (a.family === 'IPv4' || six) && !/^(fe80:|169\.254\.)/i.test(a.address));
  return usable.sort((a, b) => Number(a.internal) - Number(b.internal)).map((a) => a.address);
}
