import { describe, expect, test } from 'vitest';
import { listenInfos } from './listen-infos.ts';

function face(address: string, family: 'IPv4' | 'IPv6', internal = false) {
  return { address, family, internal, netmask: '', mac: '', cidr: null, scopeid: 0 } as never;
}

const FACES = {
  lo: [face('127.0.0.1', 'IPv4', true), face('::1', 'IPv6', true)],
  eth0: [face('10.1.2.3', 'IPv4'), face('fe80::1', 'IPv6'), face('2001:db8::5', 'IPv6')],
};

function shown(host: string, announcedAddress = ''): string[] {
  return listenInfos({ host, port: 8811, announcedAddress }, FACES).map(
    (i) => `${i.protocol} ${i.ip}:${i.port}${i.announcedAddress ? ` as ${i.announcedAddress}` : ''}`,
  );
}

describe('WebRTC listens', () => {
  test('on one address by UDP and TCP', () => {
    expect(shown('127.0.0.1')).toEqual(['udp 127.0.0.1:8811', 'tcp 127.0.0.1:8811']);
  });

  test('for a wildcard on each address that a viewer may reach, this machine’s own last', () => {
    expect(shown('0.0.0.0')).toEqual(['udp 10.1.2.3:8811', 'tcp 10.1.2.3:8811', 'udp 127.0.0.1:8811', 'tcp 127.0.0.1:8811']);
    expect(shown('::')).toContain('udp 2001:db8::5:8811');
    expect(shown('::').join()).not.toContain('fe80');
  });

  test('behind an announced address once', () => {
    expect(shown('0.0.0.0', '203.0.113.9')).toEqual(['udp 0.0.0.0:8811 as 203.0.113.9', 'tcp 0.0.0.0:8811 as 203.0.113.9']);
  });
});
