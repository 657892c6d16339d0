/** Notices of the township to households: written at a console, kept by the centre, said to the boxes of an area. */
import { type Static, Type } from '@sinclair/typebox';
import { cloudEvent } from '../envelope.ts';
import { AreaCode, BoxId, EpochMs, shortText, Uuid7 } from '../ids.ts';

/** What no configuration may exceed: a box that has all of it still draws every page at once, and the title in one line. Characters; notices of one box. */
export const NOTICE_BOUNDS = { title: 50, text: 1000, standing: 20, days: 366 } as const;

/** Directional overrides (UAX #9) would let a text read otherwise than it was written. */
const NOT_SHOWN = '\\u0000-\\u0009\\u000b-\\u001f\\u007f\\u2028\\u2029\\u202a-\\u202e\\u2066-\\u2069';
const SOMETHING = '(?=[\\s\\S]*\\S)';

/** One line, not empty. */
const Title = Type.String({ minLength: 1, maxLength: NOTICE_BOUNDS.title, pattern: `^${SOMETHING}[^\\u000a${NOT_SHOWN}]*$` });
/** Lines, not all empty. */
const Text = Type.String({ minLength: 1, maxLength: NOTICE_BOUNDS.text, pattern: `^${SOMETHING}[^${NOT_SHOWN}]*$` });

/** A notice as a household reads it. `from`: who says it, e.g. 平安镇综治中心. It stands from `at` until `until`. */
export const TownshipNotice = Type.Object(
  { id: Uuid7, at: EpochMs, until: EpochMs, from: shortText(60), title: Title, text: Text },
  { additionalProperties: false },
);
export type TownshipNotice = Static<typeof TownshipNotice>;

/** `down/notices`: all that stand for this box now, the newest first: what is not in it any more was withdrawn, or is over. */
export const NoticesTold = cloudEvent(
  'cn.shouwang.box.notices.v1',
  Type.Object({ boxId: BoxId, notices: Type.Array(TownshipNotice, { maxItems: NOTICE_BOUNDS.standing }) }, { additionalProperties: false }),
);
export type NoticesTold = Static<typeof NoticesTold>;

/** What the console sends. `id` is made there: sent again with the same content, it is the same notice. */
export const NoticeWanted = Type.Object(
  { id: Uuid7, area: AreaCode, until: EpochMs, title: Title, text: Text },
  { additionalProperties: false },
);
export type NoticeWanted = Static<typeof NoticeWanted>;
