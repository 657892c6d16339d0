/** Prepared queries of cases, their events, and the messages of boxes. */
import { sql } from 'kysely';
import { prepare } from '../store/prepared.ts';
import type { Tables } from '../store/tables.ts';

/** Spelled out in the text of a query: a partial index is not used for a value that comes later. */
const RECEIVED = sql.lit('received');
const CLOSED = sql.lit('closed');
const CASE = sql.lit<'case'>('case');
const LOUD = sql.lit<0>(0);
const SILENT = sql.lit<1>(1);

export const nextCaseNumber = prepare<{ day: string }>()((db, p) =>
  db
    .insertInto('case_numbers')
    .values({ day: p('day'), last: 1 })
    .onConflict((oc) => oc.column('day').doUpdateSet((eb) => ({ last: eb('case_numbers.last', '+', 1) })))
    .returning('last'),
);

export const insertCase = prepare<Tables['cases']>()((db, p) =>
  db.insertInto('cases').values({
    case_no: p('case_no'),
    box_id: p('box_id'),
    alarm_id: p('alarm_id'),
    area: p('area'),
    state: p('state'),
    received_at: p('received_at'),
    escalated_at: p('escalated_at'),
    closed_at: p('closed_at'),
    rated: p('rated'),
    silent: p('silent'),
    body: p('body'),
  }),
);

export const updateCase = prepare<Omit<Tables['cases'], 'box_id' | 'alarm_id' | 'area' | 'received_at' | 'silent'>>()((db, p) =>
  db
    .updateTable('cases')
    .set({ state: p('state'), escalated_at: p('escalated_at'), closed_at: p('closed_at'), rated: p('rated'), body: p('body') })
    .where('case_no', '=', p('case_no')),
);

export const insertCaseEvent = prepare<Tables['case_events']>()((db, p) =>
  db.insertInto('case_events').values({
    case_no: p('case_no'),
    revision: p('revision'),
    event: p('event'),
    at: p('at'),
    by: p('by'),
    actor: p('actor'),
    body: p('body'),
    salt: p('salt'),
  }),
);

export const selectCase = prepare<{ case_no: string }>()((db, p) =>
  db.selectFrom('cases').select('body').where('case_no', '=', p('case_no')),
);

export const selectCaseOfAlarm = prepare<{ box_id: string; alarm_id: string }>()((db, p) =>
  db.selectFrom('cases').select('body').where('box_id', '=', p('box_id')).where('alarm_id', '=', p('alarm_id')),
);

/** The silent case of a box that is not closed, the newest first. */
export const selectOpenSilent = prepare<{ box_id: string }>()((db, p) =>
  db
    .selectFrom('cases')
    .select('body')
    .where('box_id', '=', p('box_id'))
    .where('silent', '=', SILENT)
    .where('state', '!=', CLOSED)
    .orderBy('received_at', 'desc')
    .limit(1),
);

export const selectMessage = prepare<{ box_id: string; id: string }>()((db, p) =>
  db
    .selectFrom('box_messages')
    .select(['kind', 'digest', 'alarm_id', 'case_no', 'received_at'])
    .where('box_id', '=', p('box_id'))
    .where('id', '=', p('id')),
);

export const insertMessage = prepare<Tables['box_messages']>()((db, p) =>
  db.insertInto('box_messages').values({
    box_id: p('box_id'),
    id: p('id'),
    kind: p('kind'),
    digest: p('digest'),
    alarm_id: p('alarm_id'),
    case_no: p('case_no'),
    received_at: p('received_at'),
    payload: p('payload'),
  }),
);

export const selectWaiting = prepare<{ before: number; limit: number }>()((db, p) =>
  db
    .selectFrom('cases')
    .select('body')
    .where('state', '=', RECEIVED)
    .where('escalated_at', 'is', null)
    .where('received_at', '<=', p('before'))
    .orderBy('received_at')
    .limit(p('limit')),
);

export const selectFirstWaiting = prepare<Record<string, never>>()((db) =>
  db
    .selectFrom('cases')
    .select('received_at')
    .where('state', '=', RECEIVED)
    .where('escalated_at', 'is', null)
    .orderBy('received_at')
    .limit(1),
);

export const selectHistory = prepare<{ case_no: string }>()((db, p) =>
  db
    .selectFrom('case_events')
    .select(['revision', 'event', 'at', 'by', 'actor', 'body'])
    .where('case_no', '=', p('case_no'))
    .orderBy('revision'),
);

/** Of the board: open cases, newest first. */
export const selectOpen = prepare<{ limit: number }>()((db, p) =>
  db.selectFrom('cases').select('body').where('state', '<>', CLOSED).orderBy('received_at', 'desc').limit(p('limit')),
);

/** Of the board: cases closed since then, last closed first. */
export const selectClosedSince = prepare<{ since: number; limit: number }>()((db, p) =>
  db
    .selectFrom('cases')
    .select('body')
    .where('state', '=', CLOSED)
    .where('closed_at', '>=', p('since'))
    .orderBy('closed_at', 'desc')
    .limit(p('limit')),
);

export const selectLastCaseSeq = prepare<Record<string, never>>()((db) =>
  db.selectFrom('announcements').select('seq').where('kind', '=', CASE).orderBy('seq', 'desc').limit(1),
);

/** What a box is told after a reconnect: not closed, not rated, or closed since. Never of a silent alarm. */
export const selectOfBox = prepare<{ box_id: string; closed_since: number; limit: number }>()((db, p) =>
  db
    .selectFrom('cases')
    .select('body')
    .where('box_id', '=', p('box_id'))
    .where('silent', '=', LOUD)
    .where((eb) => eb.or([eb('state', '!=', 'closed'), eb('rated', '=', 0), eb('closed_at', '>=', p('closed_since'))]))
    .orderBy('received_at', 'desc')
    .limit(p('limit')),
);

/** What a box lists: its last cases, never a silent one. */
export const selectLastOfBox = prepare<{ box_id: string; limit: number }>()((db, p) =>
  db
    .selectFrom('cases')
    .select('body')
    .where('box_id', '=', p('box_id'))
    .where('silent', '=', LOUD)
    .orderBy('received_at', 'desc')
    .orderBy('case_no', 'desc')
    .limit(p('limit')),
);

export const selectCommand = prepare<{ integrator: string; id: string }>()((db, p) =>
  db.selectFrom('integrator_commands').select(['digest', 'code']).where('integrator', '=', p('integrator')).where('id', '=', p('id')),
);

export const insertCommand = prepare<Tables['integrator_commands']>()((db, p) =>
  db.insertInto('integrator_commands').values({
    integrator: p('integrator'),
    id: p('id'),
    case_no: p('case_no'),
    digest: p('digest'),
    code: p('code'),
    at: p('at'),
  }),
);
