import type { BrokerConfig } from './config.ts';

/** Where the centre listens. */
export interface Addresses {
  httpUrl: string;
  mqttUrl: string;
  /** Where TLS is on. */
  mqttTlsUrl?: string | undefined;
  /** What boxes are told to trust (`centre.pins` of the bridge); where TLS is on. */
  pin?: string | undefined;
  consoleUrl: string;
}

/** `http` and `mqtt`: the ports that were taken; `tls` 0: TLS is off. */
export function addressesOf(
  config: Pick<BrokerConfig, 'http' | 'mqtt'>,
  ports: { http: number; mqtt: { plain: number; tls: number } },
  pin: string | undefined,
): Addresses {
  const httpUrl = `http://${hostInUrl(config.http.host)}:${ports.http}`;
  return {
    httpUrl,
    mqttUrl: `mqtt://${hostInUrl(config.mqtt.host)}:${ports.mqtt.plain}`,
    mqttTlsUrl: ports.mqtt.tls === 0 ? undefined : `mqtts://${hostInUrl(config.mqtt.tls.host)}:${ports.mqtt.tls}`,
    pin,
    consoleUrl: `${httpUrl}/console`,
  };
}

/** An address as it stands in a URL: IPv6 in brackets, "all" as loopback. */
function hostInUrl(host: string): string {
  if (host === '0.0.0.0' || host === '::') return '127.0.0.1';
  return host.includes(':') ? `[${host}]` : host;
}
