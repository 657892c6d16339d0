/** Every operation that the store runs, by name. The worker executes this table; the client's types come from it. */
import { markPublished, prune, readAnnouncements, readEventsOf, readFeed, readMarks } from '../announcements/operations.ts';
import { issueActivation, readActivation, useActivation } from '../box-http/activation-operations.ts';
import { readReports } from '../box-http/report-operations.ts';
import { nodeStarted, readCatalogue, recordView, replaceCatalogue } from '../cameras/operations.ts';
import { recordViewRefusal } from '../cameras/refusal-operations.ts';
import { commandFromConsole, commandFromIntegrator, escalateDue, readBoard, readCase } from '../cases/operations.ts';
import { recordRegistryRead, setBoxRevoked, writeBoxes } from '../enrolment/box-operations.ts';
import { enrol, readDirectory } from '../enrolment/operations.ts';
import {
  casesWithoutClips,
  expireClips,
  heldClips,
  keptClips,
  openClip,
  openClips,
  planClips,
  readClip,
  readClips,
  recordClip,
} from '../evidence/clip-operations.ts';
import { endHold, placeHold, readHolds } from '../evidence/hold-operations.ts';
import { readFaults, readKeys, registerKey, replaceFaults } from '../evidence/node-operations.ts';
import { confirmAddress, readFleet, recordHouseholdLookUp, saveFleet } from '../fleet/operations.ts';
import { countOrders, noteOrder, readOrders } from '../fleet/order-operations.ts';
import { recordGrants } from '../grants/operations.ts';
import { recordUnmaskRefusal } from '../grants/unmask-operations.ts';
import { endSession, openSession, readSessions, recordLookup } from '../http/session-operations.ts';
import { casesForSync, raiseAlarm, updateAlarm } from '../intake/box-operations.ts';
import { expireEarly } from '../intake/early-updates.ts';
import { countDeadLetter, readDeadLetter, readDeadLetters, recordReplay, refuse } from '../intake/refusal-operations.ts';
import { takeTest } from '../intake/test-operations.ts';
import { readLedger, signLedgerHead } from '../ledger/operations.ts';
import { readNotices, sendNotice, standingNotices, withdrawNotice } from '../notices/operations.ts';
import { certificateFor, noteCertificateUse, readCertificates, recordCertificate } from '../pki/operations.ts';
import { readRemoteConfigs, saveRemoteConfig } from '../remote-config/operations.ts';
import type { Tx } from './tx.ts';

/** A commit with nothing in it: whoever gets the answer knows that the store works. */
async function ping(tx: Tx): Promise<number> {
  return tx.lastSeq();
}

export const OPERATIONS = {
  ping,
  raiseAlarm,
  updateAlarm,
  expireEarly,
  takeTest,
  casesForSync,
  refuse,
  countDeadLetter,
  readDeadLetters,
  readDeadLetter,
  recordReplay,
  commandFromConsole,
  commandFromIntegrator,
  escalateDue,
  readBoard,
  readCase,
  markPublished,
  readMarks,
  readAnnouncements,
  readFeed,
  readEventsOf,
  prune,
  enrol,
  readDirectory,
  writeBoxes,
  setBoxRevoked,
  recordRegistryRead,
  certificateFor,
  recordCertificate,
  noteCertificateUse,
  readCertificates,
  issueActivation,
  useActivation,
  readActivation,
  readReports,
  nodeStarted,
  replaceCatalogue,
  readCatalogue,
  recordView,
  recordViewRefusal,
  recordGrants,
  recordUnmaskRefusal,
  openSession,
  endSession,
  readSessions,
  recordLookup,
  readFleet,
  saveFleet,
  confirmAddress,
  recordHouseholdLookUp,
  readOrders,
  noteOrder,
  countOrders,
  saveRemoteConfig,
  readRemoteConfigs,
  planClips,
  recordClip,
  openClips,
  heldClips,
  keptClips,
  casesWithoutClips,
  expireClips,
  readClips,
  readClip,
  openClip,
  placeHold,
  endHold,
  readHolds,
  registerKey,
  readKeys,
  replaceFaults,
  readFaults,
  sendNotice,
  withdrawNotice,
  standingNotices,
  readNotices,
  readLedger,
  signLedgerHead,
};

export type OperationTable = typeof OPERATIONS;
export type OperationName = keyof OperationTable;
export type ArgsOf<N extends OperationName> = Parameters<OperationTable[N]> extends [Tx, infer A] ? A : undefined;
export type ResultOf<N extends OperationName> = Awaited<ReturnType<OperationTable[N]>>;
