/** Configuration of the media server. `config/media-server.yaml` holds the same keys and defaults, with a comment each. */
import { AreaCode, CameraGroup, CameraId, CodedError, MAX_CAMERAS_A_NODE, Position, shortText } from '@shouwang/protocol';
import { AddressBlock, readConfig } from '@shouwang/protocol/config';
import { type Static, Type } from '@sinclair/typebox';
import { parse, stringify } from 'yaml';
import { checkAddress } from './ingest/camera-source.ts';
import { DEFAULT_PROTOCOLS, FFMPEG_PROTOCOLS } from './ingest/ffmpeg/address.ts';
import { MAX_MASKS, MaskSchema } from './masks/mask.ts';

const CameraSchema = Type.Object(
  {
    id: CameraId,
    name: shortText(40),
    place: shortText(80),
    area: AreaCode,
    position: Type.Optional(Position),
    householdsOf: Type.Array(AreaCode, { maxItems: 50, default: [], description: 'areas whose households may watch' }),
    group: Type.Optional(CameraGroup),
    // Their form is checked by `checkAddress`, which never repeats a password in a message.
    url: Type.String({
      minLength: 1,
      maxLength: 500,
      description: 'rtsp://[user:password@]host[:port]/path, or ffmpeg: and any other address',
    }),
    subUrl: Type.Optional(Type.String({ minLength: 1, maxLength: 500, description: 'the smaller stream of the same camera' })),
    rtspTransport: Type.Optional(
      Type.Union([Type.Literal('auto'), Type.Literal('tcp'), Type.Literal('udp')], {
        description: 'auto: TCP, and UDP where the camera refuses that',
      }),
    ),
    preRoll: Type.Optional(Type.Union([Type.Literal('always'), Type.Literal('watched'), Type.Literal('none')])),
    masks: Type.Optional(Type.Array(MaskSchema, { maxItems: MAX_MASKS, description: 'black boxes over parts of the picture' })),
  },
  { additionalProperties: false },
);
export type Camera = Static<typeof CameraSchema>;

/** As a WHEP viewer is told (RFC 9725, 4.6). */
const IceServer = Type.Object(
  {
    url: Type.String({ pattern: '^(stun|stuns|turn|turns):[^<>\\s"]+$', maxLength: 200 }),
    username: Type.Optional(Type.String({ pattern: '^[^"\\\\\\x00-\\x1f]*$', maxLength: 200 })),
    credential: Type.Optional(Type.String({ pattern: '^[^"\\\\\\x00-\\x1f]*$', maxLength: 200 })),
  },
  { additionalProperties: false },
);
export type IceServer = Static<typeof IceServer>;

const Port = (port: number) => Type.Integer({ minimum: 0, maximum: 65535, default: port, description: '0 = any free port' });
export const MediaConfigSchema = Type.Object(
  {
    cameras: Type.Array(CameraSchema, { default: [], maxItems: MAX_CAMERAS_A_NODE }),
    camerasFile: Type.String({ default: '' }),
    dataDir: Type.String({ default: 'data/media-server', minLength: 1 }),
    logLevel: Type.Union(
      [Type.Literal('debug'), Type.Literal('info'), Type.Literal('warn'), Type.Literal('error'), Type.Literal('silent')],
      { default: 'info' },
    ),
    http: Type.Object(
      {
        host: Type.String({ default: '127.0.0.1', minLength: 1 }),
        port: Port(8810),
        publicUrl: Type.String({
          default: '',
          pattern: '^(https?://[^/\\s]+)?$',
          description: 'http://host:port without a path, or empty',
        }),
        allowedOrigins: Type.Array(Type.String({ pattern: '^https?://[^/\\s]+$' }), {
          default: ['http://127.0.0.1:8800', 'http://localhost:8800', 'http://127.0.0.1:8820', 'http://localhost:8820'],
        }),
        trustProxy: Type.Array(AddressBlock, { default: [] }),
      },
      { additionalProperties: false, default: {} },
    ),
    webrtc: Type.Object(
      {
        host: Type.String({ default: '127.0.0.1', minLength: 1 }),
        port: Port(8900),
        announcedAddress: Type.String({ default: '' }),
        maxMbit: Type.Number({ default: 200, minimum: 0, maximum: 100_000 }),
        workers: Type.Integer({ default: 0, minimum: 0, maximum: 64, description: '0 = one per core' }),
        maxWorkerPercent: Type.Integer({ default: 85, minimum: 10, maximum: 100 }),
        retryAfterS: Type.Integer({ default: 60, minimum: 1, maximum: 600 }),
        ownFeeds: Type.Integer({ default: 8, minimum: 1, maximum: 100 }),
        iceServers: Type.Array(IceServer, { default: [], maxItems: 8 }),
        workerBin: Type.String({ default: '' }),
      },
      { additionalProperties: false, default: {} },
    ),
    limits: Type.Object(
      {
        sessions: Type.Integer({ default: 20_000, minimum: 1, maximum: 100_000 }),
        sessionsPerCamera: Type.Integer({ default: 2000, minimum: 1, maximum: 100_000 }),
        sessionsPerViewer: Type.Integer({ default: 64, minimum: 1, maximum: 10_000 }),
      },
      { additionalProperties: false, default: {} },
    ),
    centre: Type.Object(
      {
        node: Type.String({ default: 'media-1', pattern: '^[A-Za-z0-9][A-Za-z0-9_-]{0,39}$' }),
        secretFile: Type.String({ default: '' }),
        mqttUrl: Type.String({ default: 'mqtt://127.0.0.1:1883', pattern: '^mqtts?://' }),
        jwksUrl: Type.String({ default: 'http://127.0.0.1:8800/api/v1/jwks.json', pattern: '^https?://' }),
      },
      { additionalProperties: false, default: {} },
    ),
    ffmpeg: Type.Object(
      {
        protocols: Type.Array(Type.Union(FFMPEG_PROTOCOLS.map((p) => Type.Literal(p))), { default: [...DEFAULT_PROTOCOLS], maxItems: 20 }),
      },
      { additionalProperties: false, default: {} },
    ),
    hub: Type.Object({ lingerS: Type.Number({ default: 10, minimum: 0, maximum: 3600 }) }, { additionalProperties: false, default: {} }),
    hls: Type.Object(
      {
        partMs: Type.Integer({ default: 200, minimum: 100, maximum: 2000 }),
        windowS: Type.Integer({ default: 16, minimum: 6, maximum: 120 }),
        targetS: Type.Integer({ default: 4, minimum: 1, maximum: 30 }),
      },
      { additionalProperties: false, default: {} },
    ),
    transcode: Type.Object(
      { maxCorePercent: Type.Integer({ default: 100, minimum: 0, maximum: 6400 }) },
      { additionalProperties: false, default: {} },
    ),
    stills: Type.Object(
      {
        maxWidth: Type.Integer({ default: 1280, minimum: 160, maximum: 7680 }),
        concurrency: Type.Integer({ default: 2, minimum: 1, maximum: 16 }),
        everyS: Type.Number({ default: 2, minimum: 0.5, maximum: 60 }),
      },
      { additionalProperties: false, default: {} },
    ),
    recorder: Type.Object(
      {
        ringS: Type.Integer({ default: 40, minimum: 5, maximum: 600 }),
        cameraMb: Type.Integer({ default: 64, minimum: 1, maximum: 4096 }),
        ringMb: Type.Integer({ default: 512, minimum: 1, maximum: 65_536 }),
        maxActive: Type.Integer({ default: 100, minimum: 1, maximum: 1000 }),
        lateS: Type.Integer({ default: 30, minimum: 1, maximum: 600 }),
        lateWithinS: Type.Integer({ default: 900, minimum: 0, maximum: 86_400 }),
        diskBudgetMb: Type.Integer({ default: 20_480, minimum: 16, maximum: 100_000_000 }),
        warnPercent: Type.Integer({ default: 80, minimum: 1, maximum: 100 }),
        exports: Type.Integer({ default: 1, minimum: 1, maximum: 16 }),
      },
      { additionalProperties: false, default: {} },
    ),
    health: Type.Object(
      {
        looksPerMinute: Type.Integer({ default: 240, minimum: 0, maximum: 10_000 }),
        probesPerHour: Type.Integer({ default: 60, minimum: 0, maximum: 120 }),
        metricsTokenFile: Type.String({ default: '' }),
      },
      { additionalProperties: false, default: {} },
    ),
  },
  { additionalProperties: false },
);
export type MediaConfig = Static<typeof MediaConfigSchema>;

/** The list of cameras in a file of its own. */
const CamerasFileSchema = Type.Object(
  { cameras: Type.Array(CameraSchema, { default: [], maxItems: MAX_CAMERAS_A_NODE }) },
  { additionalProperties: false },
);

export const ENV_PREFIX = 'SHOUWANG_MEDIA';

export interface ConfigInput {
  /** How the file is named in messages. */
  name: string;
  text: string;
  env?: Record<string, string | undefined>;
  /** Reads `camerasFile`. */
  readText: (path: string) => string;
}

/** The configuration with the cameras of `camerasFile` added. Throws CONFIG_INVALID naming the first bad key. */
export function loadConfig({ name, text, env = {}, readText }: ConfigInput): MediaConfig {
  const config = readConfig(MediaConfigSchema, { name, text, env, envPrefix: ENV_PREFIX });
  checkCameras(config.cameras, name, config.ffmpeg.protocols);
  if (config.camerasFile) {
    let listed: string;
    try {
      listed = readText(config.camerasFile);
    } catch (cause) {
      throw new CodedError('CONFIG_INVALID', `${name}: camerasFile: cannot read ${config.camerasFile}`, { cause });
    }
    const more = readConfig(CamerasFileSchema, { name: config.camerasFile, text: asMapping(listed) }).cameras;
    checkCameras(more, config.camerasFile, config.ffmpeg.protocols);
    config.cameras = [...config.cameras, ...more];
    if (config.cameras.length > MAX_CAMERAS_A_NODE)
      throw new CodedError(
        'CONFIG_INVALID',
        `${name}: cameras: expected at most ${MAX_CAMERAS_A_NODE} with those of ${config.camerasFile}`,
      );
  }
  const seen = new Set<string>();
  for (const { id } of config.cameras) {
    if (seen.has(id)) throw new CodedError('CONFIG_INVALID', `${name}: cameras: expected different ids, found ${id} twice`);
    seen.add(id);
  }
  return config;
}

/** The file may hold the key `cameras`, or be the bare list. */
function asMapping(text: string): string {
  try {
    const value: unknown = parse(text);
    return Array.isArray(value) ? stringify({ cameras: value }) : text;
  } catch {
    // `readConfig` says where it is wrong.
    return text;
  }
}

/** Of sums of decimal shares. */
const ROUNDING = 1e-9;

function checkCameras(cameras: readonly Camera[], file: string, protocols: readonly string[]): void {
  for (const [i, camera] of cameras.entries()) {
    for (const [n, { x, y, width, height }] of (camera.masks ?? []).entries())
      if (x + width > 1 + ROUNDING || y + height > 1 + ROUNDING)
        throw new CodedError(
          'CONFIG_INVALID',
          `${file}: cameras[${i}].masks[${n}]: expected a box within the picture: x + width and y + height at most 1`,
        );
    for (const key of ['url', 'subUrl'] as const) {
      if (camera[key] === undefined) continue;
      try {
        checkAddress(camera[key], protocols);
      } catch (error) {
        throw new CodedError(
          'CONFIG_INVALID',
          `${file}: cameras[${i}].${key}: ${(error as CodedError).detail} (not shown: it may hold a password)`,
        );
      }
    }
  }
}
