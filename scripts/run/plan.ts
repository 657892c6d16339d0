/**
 * Which processes make up the demo, and what each is told beyond its own configuration: only what nobody has set, and the
 * addresses of the others where these are on this machine. Pure.
 */
import { envName } from '@shouwang/protocol/config';
import type { Demo } from './demo.ts';
import { isLoopback, type Settings } from './settings.ts';
import type { Ready } from './supervised.ts';

export interface AllSettings {
  broker: Settings;
  media: Settings;
  bridge: Settings;
}

export interface Process {
  name: string;
  /** Relative to the checkout. */
  main: string;
  args: string[];
  env: Record<string, string>;
  /** Variables where nobody has set them. */
  defaults?: Record<string, string>;
}

/** What is known of running processes, by what they said when they were ready. */
export interface Addresses {
  brokerHttp: string;
  mqtt: string;
  tv: string;
  media: string;
  rtsp: string;
}

/** What a service sets when nobody else has: dotted key → value. */
type Given = Record<string, string | undefined>;

/** The variables for the keys that nobody has set, in the file or in the environment. */
function unset(settings: Settings, given: Given): Record<string, string> {
  const entries = Object.entries(given).filter(([path, value]) => value !== undefined && (settings.get(path) ?? '') === '');
  return Object.fromEntries(entries.map(([path, value]) => [envName(settings.prefix, path), value ?? '']));
}

/** The variables that make a URL follow our own process, unless it points at another machine. */
function following(settings: Settings, urls: Given): Record<string, string> {
  const entries = Object.entries(urls).filter(([path]) => isLoopback(settings.text(path)));
  return Object.fromEntries(entries.map(([path, value]) => [envName(settings.prefix, path), value ?? '']));
}

export function brokerProcess({ broker }: AllSettings, demo: Demo): Process {
  return {
    name: 'broker',
    main: 'broker/src/main.ts',
    args: ['--config', 'config/broker.yaml'],
    env: unset(broker, { enrolmentFile: demo.enrolmentFile }),
  };
}

export function samplesProcess(port: number): Process {
  return { name: 'sample-cameras', main: 'media-server/sample-cameras/main.ts', args: ['--port', String(port)], env: {} };
}

/** `secretFileExists`: a box whose configured secret file is there keeps it. */
export function bridgeProcess({ bridge }: AllSettings, demo: Demo, at: Pick<Addresses, 'mqtt'>, secretFileExists: boolean): Process {
  return {
    name: 'firmware-bridge',
    main: 'firmware-bridge/simulator/main.ts',
    args: ['--config', 'config/firmware-bridge.yaml'],
    env: {
      ...(secretFileExists ? {} : { [envName(bridge.prefix, 'box.secretFile')]: demo.boxSecretFile }),
      ...following(bridge, { 'centre.mqttUrl': at.mqtt }),
    },
  };
}

/** jemalloc(3): what is freed goes back at once, and not in the course of ten seconds. */
const JEMALLOC_CONF = 'dirty_decay_ms:0,muzzy_decay_ms:0';

/**
 * What a crowd of viewers needed of memory goes back (decision 16). Where there is no jemalloc most of it does, at more work for V8. glibc's mallopt(3): from
 * this size on, memory is mapped by itself, and the kernel has it back as soon as it is freed; not said, the bound grows to the largest that was ever
 * freed, and pictures come in by 64 KB and lie in blocks of 512 KB. What is smaller stays with glibc at its highest level, and most of that are
 * copies of WebRTC packets (mediasoup's own) that wait for V8 to collect the young: every 16 MB of objects, unless said.
 * @param jemalloc the library's file; empty or undefined: there is none
 */
export function givesBack(jemalloc: string | undefined): Record<string, string> {
  if (jemalloc) return { LD_PRELOAD: jemalloc, MALLOC_CONF: JEMALLOC_CONF };
  return { MALLOC_MMAP_THRESHOLD_: '32768', NODE_OPTIONS: '--max-semi-space-size=2' };
}

/** What a person has set stands. Node's options are added to, the person's behind ours, where the last counts; and preloaded libraries, where the first does. */
export function withDefaults(
  defaults: Record<string, string>,
  env: Record<string, string | undefined>,
): Record<string, string | undefined> {
  const NODE_OPTIONS = [defaults.NODE_OPTIONS, env.NODE_OPTIONS].filter(Boolean).join(' ');
  const LD_PRELOAD = [env.LD_PRELOAD, defaults.LD_PRELOAD].filter(Boolean).join(':');
  return { ...defaults, ...env, ...(NODE_OPTIONS && { NODE_OPTIONS }), ...(LD_PRELOAD && { LD_PRELOAD }) };
}

/** `camerasFile`: the sample cameras' catalogue, where they run. `jemalloc`: as `givesBack`. */
export function mediaProcess(
  { media }: AllSettings,
  demo: Demo,
  at: Pick<Addresses, 'mqtt' | 'brokerHttp' | 'tv'>,
  camerasFile: string | undefined,
  jemalloc: string | undefined,
): Process {
  const origins = media.list('http.allowedOrigins').filter((origin) => typeof origin === 'string');
  const pages = [at.brokerHttp, at.tv].map((url) => new URL(url)).flatMap((url) => [url.origin, `${url.protocol}//localhost:${url.port}`]);
  return {
    name: 'media-server',
    main: 'media-server/src/main.ts',
    args: ['--config', 'config/media-server.yaml'],
    defaults: givesBack(jemalloc),
    env: {
      ...unset(media, { 'centre.secretFile': demo.mediaSecretFile, camerasFile }),
      ...following(media, { 'centre.mqttUrl': at.mqtt, 'centre.jwksUrl': new URL('/api/v1/jwks.json', at.brokerHttp).href }),
      [envName(media.prefix, 'http.allowedOrigins')]: JSON.stringify([...new Set([...origins, ...pages])]),
    },
  };
}

/** Whether the six sample cameras are wanted: nobody has given cameras. */
export function wantsSamples({ media }: AllSettings): boolean {
  return media.list('cameras').length === 0 && media.text('camerasFile') === undefined;
}

/** A restarted process comes back where the others and the open pages know it, even if it had asked for any free port. */
export function atTheSamePlace(settings: Settings, ports: Record<string, unknown>, previous: Ready | undefined): Record<string, string> {
  if (!previous) return {};
  const entries = Object.entries(ports).filter(([, port]) => typeof port === 'number');
  return Object.fromEntries(entries.map(([path, port]) => [envName(settings.prefix, path), String(port)]));
}
