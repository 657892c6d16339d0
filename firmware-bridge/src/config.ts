/** Configuration of the bridge: every key, its bounds and its default. `config/firmware-bridge.yaml` shows the same to people. */
import { CodedError } from '@shouwang/protocol';
import { readConfig } from '@shouwang/protocol/config';
import { KeyName } from '@shouwang/protocol/key-tables';
import { type Static, type TObject, type TProperties, Type } from '@sinclair/typebox';

export const ENV_PREFIX = 'SHOUWANG_BRIDGE';

const section = <P extends TProperties>(properties: P): TObject<P> => Type.Object(properties, { additionalProperties: false, default: {} });
const keyNames = (names: string[]) => Type.Array(KeyName, { maxItems: 10, default: names });

/** Whose signature is believed. Ed25519: 32 bytes, base64. */
const trustedKeys = Type.Array(
  Type.Object(
    {
      kid: Type.String({ minLength: 1, maxLength: 80 }),
      publicKey: Type.String({ pattern: '^[A-Za-z0-9+/]{43}=$', description: 'an Ed25519 public key, base64' }),
    },
    { additionalProperties: false },
  ),
  { default: [], maxItems: 10 },
);

export const BridgeConfig = Type.Object(
  {
    platform: Type.Union([Type.Literal('auto'), Type.Literal('thunder'), Type.Literal('evdev')], { default: 'auto' }),
    dataDir: Type.String({ minLength: 1, default: 'data/firmware-bridge', description: 'a directory' }),
    box: section({
      id: Type.String({ pattern: '^([A-Za-z0-9][A-Za-z0-9_-]{0,39})?$', default: '', description: 'box identifier, or empty' }),
      place: Type.String({ maxLength: 80, default: '' }),
      area: Type.String({
        pattern: '^([0-9]{6}|[0-9]{9}|[0-9]{12}|[0-9]{15})?$',
        default: '',
        description: 'administrative code, or empty',
      }),
      secretFile: Type.String({ minLength: 1, default: 'data/firmware-bridge/secret', description: 'a file' }),
    }),
    centre: section({
      mqttUrl: Type.String({
        pattern: '^mqtts?://[^\\s/@]+$',
        default: 'mqtt://127.0.0.1:1883',
        description: 'mqtt://HOST:PORT or mqtts://HOST:PORT',
      }),
      mqttUrlBackup: Type.String({
        pattern: '^(mqtts?://[^\\s/@]+)?$',
        default: '',
        description: 'mqtt://HOST:PORT or mqtts://HOST:PORT, or empty',
      }),
      pins: Type.Array(Type.String({ pattern: '^sha256/[A-Za-z0-9+/]{43}=$', description: 'sha256/ and a hash in base64' }), {
        maxItems: 4,
        default: [],
      }),
      name: Type.String({ minLength: 1, maxLength: 60, default: '综治中心' }),
      phone: Type.String({ minLength: 1, maxLength: 30, default: '110' }),
    }),
    http: section({
      host: Type.Union([Type.Literal('127.0.0.1'), Type.Literal('::1'), Type.Literal('localhost')], { default: '127.0.0.1' }),
      port: Type.Integer({ minimum: 0, maximum: 65535, default: 8820 }),
      tvAppDir: Type.String({ minLength: 1, default: 'tv-app/dist', description: 'a directory' }),
    }),
    alarm: section({
      withdrawWindowS: Type.Integer({ minimum: 0, maximum: 10, default: 3 }),
      lateAfterS: Type.Integer({ minimum: 1, maximum: 120, default: 20 }),
    }),
    selfTest: section({
      everyH: Type.Integer({ minimum: 0, maximum: 168, default: 24 }),
      firstWithinMin: Type.Integer({ minimum: 0, maximum: 1440, default: 60 }),
    }),
    keys: section({
      holdMs: Type.Integer({ minimum: 500, maximum: 10_000, default: 2000 }),
      bridgeGapMs: Type.Integer({ minimum: 0, maximum: 1000, default: 400 }),
      presses: Type.Integer({ minimum: 2, maximum: 10, default: 3 }),
      withinMs: Type.Integer({ minimum: 500, maximum: 10_000, default: 3000 }),
      tableFile: Type.String({ default: '', description: 'a file, or empty' }),
      functions: section({
        alarm: keyNames(['red', 'help']),
        sos: keyNames(['sos']),
        silent: keyNames(['blue']),
        test: keyNames(['yellow']),
      }),
      silent: section({
        presses: Type.Integer({ minimum: 0, maximum: 10, default: 4 }),
        withinMs: Type.Integer({ minimum: 500, maximum: 10_000, default: 3000 }),
        holdMs: Type.Integer({ minimum: 0, maximum: 30_000, default: 0 }),
      }),
      test: section({ holdMs: Type.Integer({ minimum: 0, maximum: 30_000, default: 3000 }) }),
    }),
    outbox: section({
      maxEntries: Type.Integer({ minimum: 10, maximum: 10_000, default: 200 }),
      storeTimeoutMs: Type.Integer({ minimum: 100, maximum: 60_000, default: 3000 }),
    }),
    uplink: section({
      keepAliveS: Type.Integer({ minimum: 5, maximum: 300, default: 30 }),
      reconnectMinMs: Type.Integer({ minimum: 50, maximum: 60_000, default: 500 }),
      reconnectMaxMs: Type.Integer({ minimum: 50, maximum: 300_000, default: 30_000 }),
      reconnectAlarmMaxMs: Type.Integer({ minimum: 50, maximum: 300_000, default: 5000 }),
      returnAfterS: Type.Integer({ minimum: 1, maximum: 86_400, default: 300 }),
      retryMinMs: Type.Integer({ minimum: 50, maximum: 60_000, default: 2000 }),
      retryMaxMs: Type.Integer({ minimum: 50, maximum: 300_000, default: 30_000 }),
      heartbeatS: Type.Integer({ minimum: 1, maximum: 3600, default: 60 }),
      askTimeoutMs: Type.Integer({ minimum: 100, maximum: 60_000, default: 5000 }),
    }),
    evdev: section({
      dir: Type.String({ minLength: 1, default: '/dev/input', description: 'a directory' }),
      devices: Type.Array(Type.String({ minLength: 1 }), { default: [] }),
      rescanS: Type.Integer({ minimum: 1, maximum: 3600, default: 10 }),
      eventBytes: Type.Union([Type.Literal('auto'), Type.Literal(24), Type.Literal(16)], { default: 'auto' }),
    }),
    thunder: section({
      url: Type.String({
        pattern: '^wss?://[^\\s/?#@]+/[^\\s?#]*$',
        default: 'ws://127.0.0.1:9998/jsonrpc',
        description: 'ws://HOST:PORT/PATH',
      }),
      tokenFile: Type.String({ default: '', description: 'a file, or empty' }),
      keys: Type.Union([Type.Literal('auto'), Type.Literal('device'), Type.Literal('page')], { default: 'auto' }),
      client: Type.String({ maxLength: 100, default: '' }),
      startWaitS: Type.Integer({ minimum: 0, maximum: 600, default: 60 }),
    }),
    remoteConfig: section({
      keys: trustedKeys,
      trialS: Type.Integer({ minimum: 30, maximum: 3600, default: 300 }),
    }),
    update: section({
      keys: trustedKeys,
      inboxDir: Type.String({ default: '', description: 'a directory, or empty' }),
    }),
    watchdog: section({
      file: Type.String({ default: '', description: 'a file, or empty' }),
      patienceS: Type.Integer({ minimum: 10, maximum: 3600, default: 60 }),
    }),
    log: section({
      level: Type.Union(
        ['debug', 'info', 'warn', 'error', 'silent'].map((l) => Type.Literal(l)),
        { default: 'info' },
      ),
    }),
  },
  { additionalProperties: false },
);
export type BridgeConfig = Static<typeof BridgeConfig>;

/** Reads YAML text (empty: all defaults) with environment overrides `SHOUWANG_BRIDGE_…`. Throws CONFIG_INVALID naming the dotted key. */
export function readBridgeConfig(text: string, env: Record<string, string | undefined> = {}, name = 'firmware-bridge.yaml'): BridgeConfig {
  const config = readConfig(BridgeConfig, { name, text, env, envPrefix: ENV_PREFIX });
  const { mqttUrl, mqttUrlBackup, pins } = config.centre;
  if (pins.length === 0 && [mqttUrl, mqttUrlBackup].some((url) => url.startsWith('mqtts:')))
    throw new CodedError('CONFIG_INVALID', `${name}: centre.pins: expected the centre's pin, because an address is mqtts:, found []`);
  // Whoever blocks the first would be told the secret in the clear by the second.
  if (mqttUrl.startsWith('mqtts:') && mqttUrlBackup.startsWith('mqtt:'))
    throw new CodedError(
      'CONFIG_INVALID',
      `${name}: centre.mqttUrlBackup: expected an mqtts: address, like centre.mqttUrl, found ${mqttUrlBackup}`,
    );
  return config;
}
