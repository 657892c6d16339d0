/**
 * The tables, as Kysely sees them. Times are ms since 1970 (bigint), JSON is text, booleans are 0 or 1: the same on
 * SQLite and PostgreSQL (where the int8 parser must be set).
 */
import type { CameraGroup, CaseClipState, MediaFaultKind, TroubleKind, UnmaskReason, WorkOrderEvent } from '@shouwang/protocol';
import type { Generated } from 'kysely';
import type { BoxRow } from '../fleet/records.ts';

export interface Tables {
  /** Who is who: pseudonyms that hashed events use. Rows may be deleted lawfully without breaking the chain. */
  identities: { kind: 'box' | 'operator' | 'integrator' | 'media'; name: string; pseudonym: string };
  boxes: {
    box_id: string;
    secret_hash: string;
    name: string;
    address: string;
    phone: string;
    area: string;
    lat: number | null;
    lon: number | null;
    revoked: number;
    /** SHA-256 of the enrolment file's last word on this box. */
    file_digest: string | null;
    /** Its secret or its area changed then. */
    views_ended_at: number | null;
  };
  operators: { user: string; name: string; post: string; role: 'operator' | 'auditor' | 'admin'; password_hash: string; revoked: number };
  integrators: {
    name: string;
    secret_hash: string;
    may_command: number;
    may_see_households: number;
    may_see_silent: number;
    areas: string;
    revoked: number;
  };
  media_nodes: { node: string; secret_hash: string; revoked: number; epoch: string | null; public_url: string | null };
  areas: { code: string; name: string };
  /** Idempotency of what boxes say: one row a message, its content's digest beside it. Kind `alarm` is the alarm itself. */
  box_messages: {
    box_id: string;
    id: string;
    kind: 'alarm' | 'withdraw' | 'detail' | 'rating';
    digest: string;
    alarm_id: string;
    case_no: string;
    received_at: number;
    payload: string;
  };
  /** What was said about an alarm before the alarm itself came: waits for it, then becomes a row of `box_messages`. */
  early_updates: {
    box_id: string;
    id: string;
    alarm_id: string;
    kind: 'withdraw' | 'detail';
    digest: string;
    /** `CaseCommand` as JSON. */
    command: string;
    payload: string;
    received_at: number;
  };
  /** The last tests of every box. `at` by the box's clock, `received_at` by the centre's. */
  box_tests: { box_id: string; id: string; by: 'self' | 'person'; at: number; received_at: number };
  /** How each box is: `fleet/` keeps it in memory and writes what changed. */
  box_fleet: BoxRow;
  work_orders: {
    id: number;
    box_id: string;
    area: string;
    kind: TroubleKind;
    since: number;
    opened_at: number;
    closed_at: number | null;
    reopened: number;
    detail: string | null;
    assignee: string | null;
  };
  /** `actor` and `salt` as of `case_events`. */
  work_order_events: {
    order_id: number;
    n: number;
    event: WorkOrderEvent['event'];
    at: number;
    by: string;
    actor: string;
    text: string | null;
    salt: string | null;
  };
  case_numbers: { day: string; last: number };
  cases: {
    case_no: string;
    box_id: string;
    alarm_id: string;
    area: string;
    state: string;
    received_at: number;
    escalated_at: number | null;
    closed_at: number | null;
    rated: number;
    silent: number;
    body: string;
  };
  /** `actor` is who really acted (a user name), `by` what others may read; `salt` hides `text` inside the ledger's commitment. */
  case_events: {
    case_no: string;
    revision: number;
    event: string;
    at: number;
    by: string;
    actor: string;
    body: string;
    salt: string | null;
  };
  ledger: { n: number; at: number; kind: string; subject: string; event: string; hash: string };
  ledger_heads: { n: number; hash: string; at: number; alg: string; kid: string; signature: string };
  /** What must be said outside, in order. `kind` is `case` (integrators, console) or `box`. */
  announcements: {
    seq: number;
    kind: 'case' | 'box';
    topic: string;
    area: string;
    case_no: string;
    at: number;
    payload: string;
    /** Of a silent alarm: only integrators that may know hear of it. */
    silent: number;
  };
  /** How far the publisher got. One row, `name` = `publisher`. */
  marks: { name: string; seq: number };
  integrator_commands: { integrator: string; id: string; case_no: string; digest: string; code: string | null; at: number };
  cameras: {
    camera_id: string;
    node: string;
    name: string;
    place: string;
    area: string;
    lat: number | null;
    lon: number | null;
    households_of: string;
    camera_group: CameraGroup | null;
    masked: number;
  };
  grants: {
    grant_id: string;
    camera_id: string;
    node: string;
    viewer: string;
    why: string;
    issued_at: number;
    expires_at: number;
  };
  views: {
    view_id: string;
    node: string;
    epoch: string;
    grant_id: string;
    camera_id: string;
    started_at: number;
    ended_at: number | null;
    why: string | null;
  };
  /** One row a box that has, or had, an activation code. `reported`: `BoxReported` as JSON. */
  activations: {
    box_id: string;
    /** HMAC of the open code; null when none is. */
    code_hash: string | null;
    attempts_left: number;
    expires_at: number;
    activated_at: number | null;
    reported: string | null;
  };
  sessions: { token_hash: string; user: string; created_at: number; expires_at: number };
  /** Certificates of boxes. `revoked`: replaced by a fresh enrolment. `came_expired`: the box last came with this one, and it had expired. */
  certificates: {
    serial: string;
    box_id: string;
    request_id: string | null;
    not_before: number;
    not_after: number;
    issued_at: number;
    pem: string;
    revoked: number;
    came_expired: number;
  };
  /** Signed remote configurations: the newest for each `box:ID` or `area:CODE`. `signed`: the data of `down/config`, JSON. */
  remote_configs: { target: string; version: number; signed: string; given_by: string; at: number };
  /** Notices of the township. `salt` hides title and text inside the ledger's commitment; `sent_by`, `withdrawn_by`: user names. */
  notices: {
    notice_id: string;
    area: string;
    from_name: string;
    title: string;
    text: string;
    salt: string;
    at: number;
    until: number;
    sent_by: string;
    withdrawn_at: number | null;
    withdrawn_by: string | null;
  };
  /** Clips of cases. `body`: what its node said last (`ClipReported`'s data), JSON. `open`: something is still to be said or heard. */
  clips: {
    clip_id: string;
    case_no: string;
    camera_id: string;
    node: string;
    from_at: number;
    to_at: number;
    asked_at: number;
    keep_until: number;
    wanted: 'kept' | 'deleted';
    open: number;
    state: CaseClipState;
    /** The node's; 0: not heard yet. */
    revision: number;
    body: string;
    deleted_at: number | null;
  };
  /** `salt` hides `reason` inside the ledger's commitment. */
  clip_holds: {
    hold_id: string;
    case_no: string;
    by: string;
    reason: string;
    salt: string;
    at: number;
    until: number;
    ended_at: number | null;
  };
  /** Who saw a camera or a clip without its masks, by the grant. `words` a person wrote; `salt` hides them inside the ledger's commitment. */
  unmaskings: {
    grant_id: string;
    at: number;
    by: string;
    camera_id: string;
    clip_id: string | null;
    case_no: string | null;
    reason: UnmaskReason;
    words: string;
    salt: string;
  };
  evidence_keys: { kid: string; node: string; alg: string; public_key: string; first_seen_at: number };
  /** What is wrong at media nodes now; `camera_id` is empty for the node itself. */
  media_faults: { node: string; camera_id: string; fault: MediaFaultKind; since: number; detail: string | null };
  dead_letters: {
    id: number;
    at: number;
    topic: string;
    client: string;
    code: string;
    reason: string;
    /** The beginning, as text. */
    payload: string;
    /** How often the same happened, this row standing for all of it. */
    count: Generated<number>;
    /** Bytes of the whole payload in `dead_letter_bodies`; 0 where it is empty or not kept (any more). */
    body_bytes: Generated<number>;
    replayed_at: number | null;
    replayed_by: string | null;
    /** `accepted`, or the code with which a replay was refused. */
    outcome: string | null;
  };
  /** Whole payloads of dead letters, base64. */
  dead_letter_bodies: { id: number; body: string };
}
