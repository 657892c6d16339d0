/** Test alarms, inside the store's transaction: remembered for the fleet and answered. No case, no ledger row, nobody is told. */
import type { TestRaised } from '@shouwang/protocol';
import { CodedError } from '@shouwang/protocol';
import { selectMessage } from '../cases/case-queries.ts';
import { prepare } from '../store/prepared.ts';
import type { Tables } from '../store/tables.ts';
import type { Tx } from '../store/tx.ts';
import { announceReceived } from './receipts.ts';

export interface TakeTest {
  boxId: string;
  area: string;
  /** The envelope's id. */
  id: string;
  data: TestRaised['data'];
  at: number;
}

/** Tests kept of each box; a daily one goes back a season. */
const KEPT_OF_ONE = 100;
/** Deleted at once at most; more than ever are too many. */
const DELETED_AT_ONCE = 100;

const insertTest = prepare<Tables['box_tests']>()((db, p) =>
  db.insertInto('box_tests').values({ box_id: p('box_id'), id: p('id'), by: p('by'), at: p('at'), received_at: p('received_at') }),
);

const selectTest = prepare<{ box_id: string; id: string }>()((db, p) =>
  db.selectFrom('box_tests').select(['by', 'at', 'received_at']).where('box_id', '=', p('box_id')).where('id', '=', p('id')),
);

const selectTooOld = prepare<{ box_id: string }>()((db, p) =>
  db
    .selectFrom('box_tests')
    .select('id')
    .where('box_id', '=', p('box_id'))
    .orderBy('received_at', 'desc')
    .limit(DELETED_AT_ONCE)
    .offset(KEPT_OF_ONE),
);

const deleteTest = prepare<{ box_id: string; id: string }>()((db, p) =>
  db.deleteFrom('box_tests').where('box_id', '=', p('box_id')).where('id', '=', p('id')),
);

/** Remembers a test and answers it; said again it is answered again. Throws ID_CONFLICT. */
export async function takeTest(tx: Tx, t: TakeTest): Promise<void> {
  const before = await tx.get(selectTest, { box_id: t.boxId, id: t.id });
  const conflicts = before
    ? before.by !== t.data.by || before.at !== t.data.at
    : await tx.get(selectMessage, { box_id: t.boxId, id: t.id });
  if (conflicts) throw new CodedError('ID_CONFLICT');
  if (!before) {
    await tx.run(insertTest, { box_id: t.boxId, id: t.id, by: t.data.by, at: t.data.at, received_at: t.at });
    for (const { id } of await tx.all(selectTooOld, { box_id: t.boxId })) await tx.run(deleteTest, { box_id: t.boxId, id });
  }
  await announceReceived(tx, t, t.id, undefined, before?.received_at ?? t.at);
}
