/** Configuration of the centre: the schema with its defaults (`config/broker.yaml` repeats them with comments). */
import { readFileSync } from 'node:fs';
import { CodedError, MAX_GRANT_S, NOTICE_BOUNDS, shortText } from '@shouwang/protocol';
import { AddressBlock, readConfig } from '@shouwang/protocol/config';
import { type Static, Type } from '@sinclair/typebox';

export const ENV_PREFIX = 'SHOUWANG_BROKER';

const strict = { additionalProperties: false, default: {} } as const;
const port = (value: number) => Type.Integer({ minimum: 0, maximum: 65535, default: value, description: 'port; 0 = any free one' });
const seconds = (value: number, minimum: number, maximum: number) =>
  Type.Number({ minimum, maximum, default: value, description: 'seconds' });
const count = (value: number, minimum: number, maximum: number) => Type.Integer({ minimum, maximum, default: value });

const Http = Type.Object(
  {
    host: Type.String({ minLength: 1, default: '127.0.0.1' }),
    port: port(8800),
    consoleDir: Type.String({ minLength: 1, default: 'console/dist' }),
    tvAppDir: Type.String({ default: '', description: "the built TV page's folder; empty: boxes without a daemon are not served" }),
    boxPollS: seconds(25, 0.1, 60),
    maxBoxPolls: count(2000, 0, 100000),
    activationS: seconds(1800, 60, 86400),
    allowedOrigins: Type.Array(Type.String({ pattern: '^https?://[^/]+$', description: 'an origin such as https://console.example' }), {
      default: [],
    }),
    mediaOrigins: Type.Array(Type.String({ pattern: '^https?://[^/]+$', description: 'an origin such as http://127.0.0.1:8810' }), {
      default: [],
    }),
    trustProxy: Type.Array(AddressBlock, { default: [] }),
    metricsTokenFile: Type.String({ default: '' }),
    secureCookie: Type.Boolean({ default: false }),
    sessionHours: Type.Number({ minimum: 0.1, maximum: 168, default: 12, description: 'hours' }),
  },
  strict,
);

const Mqtt = Type.Object(
  {
    host: Type.String({ minLength: 1, default: '127.0.0.1' }),
    port: port(1883),
    maxPacketBytes: count(65536, 1024, 1048576),
    maxConnectBytes: count(4096, 256, 65536),
    holdS: seconds(20, 0.1, 60),
    handshakeS: seconds(10, 0.1, 120),
    keepAliveMinS: count(5, 1, 3600),
    keepAliveMaxS: count(300, 5, 3600),
    maxConnections: count(12000, 1, 1000000),
    maxConnectionsPerAddress: count(12000, 1, 1000000),
    publishRate: count(500, 1, 100000),
    publishBurst: count(2000, 1, 1000000),
    // Never below one alarm every 2 s.
    boxAlarmRate: Type.Number({ minimum: 0.5, maximum: 1000, default: 2, description: 'messages a second' }),
    boxAlarmBurst: count(30, 1, 10000),
    boxRate: Type.Number({ minimum: 0.1, maximum: 1000, default: 5, description: 'messages a second' }),
    boxBurst: count(60, 1, 10000),
    maxSubscriptions: count(20, 1, 1000),
    maxInflight: count(100, 1, 65535),
    maxFilterBytes: count(200, 64, 65535),
    maxTopicLevels: count(10, 7, 100),
    maxBufferBytes: count(4194304, 65536, 1073741824),
    boxSecrets: Type.Union([Type.Literal('any'), Type.Literal('tls'), Type.Literal('none')], { default: 'any' }),
    tls: Type.Object(
      {
        enabled: Type.Boolean({ default: false }),
        host: Type.String({ minLength: 1, default: '127.0.0.1' }),
        port: port(8883),
        names: Type.Array(
          Type.String({ pattern: '^[A-Za-z0-9]([A-Za-z0-9.:-]*[A-Za-z0-9])?$', description: 'a host name or an IP address' }),
          {
            minItems: 1,
            maxItems: 20,
            default: ['127.0.0.1', 'localhost'],
          },
        ),
      },
      strict,
    ),
  },
  strict,
);

const Ca = Type.Object(
  {
    passphraseFile: Type.String({ default: '', description: 'a file, or empty' }),
    boxDays: count(365, 1, 3650),
  },
  strict,
);

const Centre = Type.Object(
  {
    name: { ...shortText(60), default: '平安镇综治中心' },
    phone: { ...shortText(30), default: '0859-555-0110' },
    timeZone: Type.String({ maxLength: 60, default: '', description: "IANA time zone; empty: this machine's" }),
    leaveGraceS: seconds(2, 0, 60),
  },
  strict,
);

const Deadlines = Type.Object(
  { signS: seconds(30, 0.1, 86400), handleS: seconds(300, 1, 864000), closeS: seconds(86400, 1, 31536000) },
  strict,
);

const Fleet = Type.Object(
  {
    suspectAfterS: seconds(85, 0.2, 3600),
    offlineAfterS: seconds(600, 0.3, 864000),
    orderAfterS: seconds(86400, 0.3, 8640000),
    graceS: seconds(120, 0, 86400),
    wellForS: seconds(300, 0, 864000),
    reopenWithinS: seconds(86400, 0, 8640000),
    selfTestS: seconds(93600, 0, 31536000),
    personTestS: seconds(3024000, 0, 31536000),
  },
  strict,
);

const Evidence = Type.Object(
  {
    preRollS: count(30, 0, 300),
    postRollS: count(60, 1, 600),
    nearest: count(2, 0, 10),
    retentionDays: count(30, 1, 3650),
    maxOpen: count(500, 1, 100_000),
  },
  strict,
);

const Notices = Type.Object(
  {
    maxTitle: count(30, 1, NOTICE_BOUNDS.title),
    maxText: count(500, 1, NOTICE_BOUNDS.text),
    maxStanding: count(10, 1, NOTICE_BOUNDS.standing),
    maxDays: count(90, 1, NOTICE_BOUNDS.days),
  },
  strict,
);

const Live = Type.Object(
  { commentS: seconds(4, 0.1, 300), answerS: seconds(15, 1, 300), maxBufferBytes: count(2097152, 16384, 1073741824) },
  strict,
);

export const BrokerConfig = Type.Object(
  {
    dataDir: Type.String({ minLength: 1, default: 'data/broker' }),
    enrolmentFile: Type.Optional(Type.String({ minLength: 1, description: 'path to the enrolment YAML' })),
    centre: Centre,
    http: Http,
    mqtt: Mqtt,
    intake: Type.Object({ earlyUpdateS: seconds(3600, 1, 604800) }, strict),
    ca: Ca,
    deadlines: Deadlines,
    grants: Type.Object({ validS: count(60, 5, MAX_GRANT_S) }, strict),
    fleet: Fleet,
    evidence: Evidence,
    notices: Notices,
    live: Live,
    log: Type.Object(
      {
        level: Type.Union(
          ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'].map((l) => Type.Literal(l)),
          { default: 'info' },
        ),
      },
      strict,
    ),
  },
  { additionalProperties: false },
);
export type BrokerConfig = Static<typeof BrokerConfig>;

/** Reads YAML text with environment overrides. Throws CONFIG_INVALID naming the first bad key. */
export function parseBrokerConfig(text: string, name: string, env: Record<string, string | undefined> = {}): BrokerConfig {
  const config = readConfig(BrokerConfig, { name, text, env, envPrefix: ENV_PREFIX });
  if (config.mqtt.keepAliveMinS > config.mqtt.keepAliveMaxS)
    throw new CodedError(
      'CONFIG_INVALID',
      `${name}: mqtt.keepAliveMinS: expected at most mqtt.keepAliveMaxS (${config.mqtt.keepAliveMaxS})`,
    );
  const { suspectAfterS, offlineAfterS, orderAfterS } = config.fleet;
  if (suspectAfterS > offlineAfterS || offlineAfterS > orderAfterS)
    throw new CodedError('CONFIG_INVALID', `${name}: fleet.offlineAfterS: expected between fleet.suspectAfterS and fleet.orderAfterS`);
  try {
    new Intl.DateTimeFormat('en', { timeZone: config.centre.timeZone || undefined });
  } catch {
    throw new CodedError('CONFIG_INVALID', `${name}: centre.timeZone: expected an IANA time zone, found ${config.centre.timeZone}`);
  }
  return config;
}

/** Reads the configuration of a process: the file (if any), then the environment. */
export function loadBrokerConfig(file: string | undefined, env: Record<string, string | undefined>): BrokerConfig {
  if (file === undefined) return parseBrokerConfig('', 'built-in defaults', env);
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (cause) {
    throw new CodedError('CONFIG_INVALID', `--config: expected a readable file, found ${file} (${(cause as NodeJS.ErrnoException).code})`);
  }
  return parseBrokerConfig(text, file, env);
}
