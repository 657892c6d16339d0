/** The engine's own prepared queries: ledger, announcements, identities. */
import { prepare } from './prepared.ts';
import type { Tables } from './tables.ts';

export const insertLedger = prepare<Tables['ledger']>()((db, p) =>
  db.insertInto('ledger').values({ n: p('n'), at: p('at'), kind: p('kind'), subject: p('subject'), event: p('event'), hash: p('hash') }),
);

export const selectHead = prepare<Record<string, never>>()((db) =>
  db.selectFrom('ledger').select(['n', 'hash']).orderBy('n', 'desc').limit(1),
);

export const selectLastSeq = prepare<Record<string, never>>()((db) =>
  db.selectFrom('announcements').select('seq').orderBy('seq', 'desc').limit(1),
);

export const selectMark = prepare<Record<string, never>>()((db) => db.selectFrom('marks').select('seq').where('name', '=', 'publisher'));

export const insertAnnouncement = prepare<Tables['announcements']>()((db, p) =>
  db.insertInto('announcements').values({
    seq: p('seq'),
    kind: p('kind'),
    topic: p('topic'),
    area: p('area'),
    case_no: p('case_no'),
    at: p('at'),
    payload: p('payload'),
    silent: p('silent'),
  }),
);

export const selectPseudonym = prepare<Pick<Tables['identities'], 'kind' | 'name'>>()((db, p) =>
  db.selectFrom('identities').select('pseudonym').where('kind', '=', p('kind')).where('name', '=', p('name')),
);

export const insertIdentity = prepare<Tables['identities']>()((db, p) =>
  db.insertInto('identities').values({ kind: p('kind'), name: p('name'), pseudonym: p('pseudonym') }),
);
