/** The enrolment file: who may talk to the centre. Read at start and upserted; secrets are kept as hashes only. */
import { AreaCode, BoxId, Position, shortText } from '@shouwang/protocol';
import { type Static, Type } from '@sinclair/typebox';

const strict = { additionalProperties: false } as const;

/** 256 random bits in base64url (43 characters) or hex; anything shorter than 32 characters is refused. */
export const Secret = Type.String({ minLength: 32, maxLength: 200, description: 'random secret of at least 32 characters' });

/** An operator's or auditor's user name. */
export const UserName = Type.String({ pattern: '^[A-Za-z0-9][A-Za-z0-9._-]{0,38}$', description: 'user name' });

/** The name of an integrator or media node; safe in an MQTT topic and in HTTP Basic (no `:`). */
export const PartyName = Type.String({ pattern: '^[A-Za-z0-9][A-Za-z0-9_-]{0,38}$', description: 'name of letters, digits, - and _' });

/** A person who logs in to the console. `post` is what villagers read, e.g. 综治中心值班员. */
export const EnrolledOperator = Type.Object(
  {
    user: UserName,
    name: shortText(40),
    post: shortText(40),
    /** `operator` acts on cases, `auditor` reads, `admin` runs the centre: boxes, dead letters. */
    role: Type.Union([Type.Literal('operator'), Type.Literal('auditor'), Type.Literal('admin')], { default: 'operator' }),
    password: Type.String({ minLength: 8, maxLength: 200 }),
    revoked: Type.Boolean({ default: false }),
  },
  strict,
);
export type EnrolledOperator = Static<typeof EnrolledOperator>;

/** A box and its household: `name`, `address`, `phone` are the household's. `revoked: true` refuses the box from the next start on; only an admin reinstates it. */
export const EnrolledBox = Type.Object(
  {
    boxId: BoxId,
    secret: Secret,
    name: shortText(40),
    address: shortText(120),
    phone: shortText(30),
    area: AreaCode,
    position: Type.Optional(Position),
    revoked: Type.Boolean({ default: false }),
  },
  strict,
);
export type EnrolledBox = Static<typeof EnrolledBox>;

/** Another system (110 desk, hotline, SMS gateway). It hears only of cases inside `areas`, and of silent alarms only with `maySeeSilent`. */
export const EnrolledIntegrator = Type.Object(
  {
    name: PartyName,
    secret: Secret,
    mayCommand: Type.Boolean({ default: false }),
    maySeeHouseholds: Type.Boolean({ default: false }),
    maySeeSilent: Type.Boolean({ default: false }),
    areas: Type.Array(AreaCode, { maxItems: 50 }),
    revoked: Type.Boolean({ default: false }),
  },
  strict,
);
export type EnrolledIntegrator = Static<typeof EnrolledIntegrator>;

/** A media-server. */
export const EnrolledMediaNode = Type.Object({ node: PartyName, secret: Secret, revoked: Type.Boolean({ default: false }) }, strict);
export type EnrolledMediaNode = Static<typeof EnrolledMediaNode>;

/**
 * The whole file. Every list may be absent. Somebody absent from the file stays enrolled; only `revoked: true` takes
 * the right away. `areas` names administrative codes, e.g. `"522328101": 平安镇`.
 */
export const EnrolmentFile = Type.Object(
  {
    operators: Type.Array(EnrolledOperator, { default: [] }),
    boxes: Type.Array(EnrolledBox, { default: [] }),
    integrators: Type.Array(EnrolledIntegrator, { default: [] }),
    mediaNodes: Type.Array(EnrolledMediaNode, { default: [] }),
    areas: Type.Record(Type.String({ pattern: '^([0-9]{6}|[0-9]{9}|[0-9]{12}|[0-9]{15})$' }), shortText(40), { default: {} }),
  },
  strict,
);
export type EnrolmentFile = Static<typeof EnrolmentFile>;
