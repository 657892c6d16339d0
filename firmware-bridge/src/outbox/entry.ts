/** One message that the centre has not answered yet, as it lies in the outbox. */
import type { AnyCloudEvent } from '@shouwang/protocol';
import { isValid, type SchemaName } from '@shouwang/protocol/validators';

/** Messages that must arrive. Presence, sync and questions are never kept: they are stale when late. */
export const ENTRY_KINDS = ['alarm', 'withdraw', 'detail', 'rating', 'test'] as const;
export type EntryKind = (typeof ENTRY_KINDS)[number];

const SCHEMA: Record<EntryKind, SchemaName> = {
  alarm: 'AlarmRaised',
  withdraw: 'AlarmWithdrawn',
  detail: 'AlarmDetailed',
  rating: 'CaseRated',
  test: 'TestRaised',
};

export interface OutboxEntry {
  v: 1;
  /** Order of the messages of this box. The ids are not enough: a box's clock may jump back. */
  seq: number;
  kind: EntryKind;
  /** The alarm that the message is about; for `alarm` and `test` its own id. */
  alarmId: string;
  /** Wall time, ms. */
  putAt: number;
  /** Sent as it is, on every try; `event.id` is the idempotency key and names the file. */
  event: AnyCloudEvent;
}

export function serialise(entry: OutboxEntry): string {
  return `${JSON.stringify(entry)}\n`;
}

/** Throws when the text is not a whole, valid entry. */
export function parseEntry(text: string): OutboxEntry {
  const entry = JSON.parse(text) as Partial<OutboxEntry> | null;
  if (typeof entry !== 'object' || entry === null || entry.v !== 1) throw new Error('not an outbox entry of version 1');
  const { seq, kind, alarmId, putAt, event } = entry;
  if (!Number.isSafeInteger(seq) || typeof alarmId !== 'string' || typeof putAt !== 'number') throw new Error('fields are missing');
  if (!ENTRY_KINDS.includes(kind as EntryKind)) throw new Error('unknown kind');
  if (!isValid(SCHEMA[kind as EntryKind], event)) throw new Error('the message does not match its schema');
  return entry as OutboxEntry;
}
