/** What integrators (110 desk, hotline, SMS, sirens) hear about cases, and what they may say. No personal data: the household is looked up over HTTP by those who may. */
import { type Static, Type } from '@sinclair/typebox';
import { cloudEvent } from '../envelope.ts';
import { AreaCode, CameraId, CaseNo, EpochMs, shortText, Uuid7 } from '../ids.ts';
import { CaseState } from './box-down.ts';
import { About, Rating } from './box-up.ts';

/** Everything that can happen to a case. The last level of its topic. */
export const CASE_EVENT_NAMES = [
  'opened',
  'strengthened',
  'detailed',
  'withdrawn',
  'escalated',
  'signed',
  'handling',
  'noted',
  'recorded',
  'extension-asked',
  'extension-granted',
  'extension-refused',
  'closed',
  'rated',
  'reopened',
] as const;
export type CaseEventName = (typeof CASE_EVENT_NAMES)[number];

/** `sw/v1/case/{county}/{township}/{village}/{event}`. `seq` is the centre's running number of announcements: integrators catch up from it over HTTP. */
export const CaseAnnounced = cloudEvent(
  'cn.shouwang.case.event.v1',
  Type.Object(
    {
      seq: Type.Integer({ minimum: 1 }),
      event: Type.Union(CASE_EVENT_NAMES.map((n) => Type.Literal(n))),
      caseNo: CaseNo,
      alarmId: Uuid7,
      /** Counts the events of this case from 1. */
      revision: Type.Integer({ minimum: 1 }),
      state: CaseState,
      area: AreaCode,
      at: EpochMs,
      /** Who acted, as a post or a system: `box`, `console`, `integrator:NAME`, `media`, `clock`. Never a person's name. */
      by: Type.String({ maxLength: 80 }),
      pressedAt: Type.Optional(EpochMs),
      cameraId: Type.Optional(CameraId),
      pictureAt: Type.Optional(EpochMs),
      about: Type.Optional(About),
      post: Type.Optional(shortText(40)),
      text: Type.Optional(shortText(500)),
      until: Type.Optional(EpochMs),
      rating: Type.Optional(Rating),
      /** A silent alarm: whoever hears of it must not call, write to or visit the household openly. Told only to integrators that may know. */
      silent: Type.Optional(Type.Literal(true)),
    },
    { additionalProperties: false },
  ),
);
export type CaseAnnounced = Static<typeof CaseAnnounced>;

/** `sw/v1/case/{caseNo}/command`: an integrator signs a case or adds a note. The envelope's `id` makes it idempotent. */
export const CaseCommanded = cloudEvent(
  'cn.shouwang.case.command.v1',
  Type.Union([
    Type.Object({ command: Type.Literal('sign'), post: shortText(40) }, { additionalProperties: false }),
    Type.Object({ command: Type.Literal('note'), text: shortText(500) }, { additionalProperties: false }),
  ]),
);
export type CaseCommanded = Static<typeof CaseCommanded>;

/** `sw/v1/integrator/{name}/reply`: what became of a command, after the commit. */
export const CommandReply = cloudEvent(
  'cn.shouwang.case.command.reply.v1',
  Type.Object(
    {
      commandId: Uuid7,
      caseNo: CaseNo,
      ok: Type.Boolean(),
      code: Type.Optional(Type.String({ maxLength: 60 })),
      message: Type.Optional(shortText(200)),
    },
    { additionalProperties: false },
  ),
);
export type CommandReply = Static<typeof CommandReply>;
