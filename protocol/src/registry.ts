/** Every schema that crosses a process boundary, by name. The generator, the validators and the documents walk this list. */

import { BoxEnrolled, BoxesEnrolled, CertificateWanted, ConfigSpread } from './admin-api.ts';
import { ClipRequest, HoldRequest } from './evidence-api.ts';
import { HouseholdLookUp, WorkOrderNote } from './fleet-api.ts';
import { ConsoleCommand, GrantRequest, LiveAnswer, Login } from './http-api.ts';
import { BoxActivation } from './messages/activation.ts';
import { Cameras, CentreNotice, CertificateIssued, ConfigSent, Grants, Progress, Received, Rejected } from './messages/box-down.ts';
import {
  AlarmDetailed,
  AlarmRaised,
  AlarmWithdrawn,
  BoxStatus,
  CaseRated,
  FaultReported,
  RenewalAsked,
  SyncAsked,
  TestRaised,
  ViewAsked,
} from './messages/box-up.ts';
import { CaseAnnounced, CaseCommanded, CommandReply } from './messages/case-events.ts';
import { ClipReported, ClipWanted, EvidenceKeyTold, MediaFaultsTold } from './messages/evidence.ts';
import { GrantClaims, MediaCameras, MediaHello, MediaRefusal, MediaRevoke, MediaView } from './messages/media.ts';
import { NoticesTold, NoticeWanted } from './messages/notices.ts';
import { RemoteConfig } from './messages/remote-config.ts';
import { BoxReports } from './messages/reports.ts';
import { TvCalls } from './tv-link.ts';
import { UnmaskedGrantRequest } from './unmasking.ts';

export const SCHEMAS = {
  AlarmRaised,
  AlarmWithdrawn,
  AlarmDetailed,
  CaseRated,
  TestRaised,
  FaultReported,
  RenewalAsked,
  SyncAsked,
  ViewAsked,
  BoxStatus,
  CentreNotice,
  Received,
  Rejected,
  Progress,
  NoticesTold,
  Cameras,
  Grants,
  ConfigSent,
  RemoteConfig,
  CertificateIssued,
  CaseAnnounced,
  CaseCommanded,
  CommandReply,
  MediaHello,
  MediaCameras,
  MediaView,
  MediaRefusal,
  MediaRevoke,
  ClipWanted,
  ClipReported,
  EvidenceKeyTold,
  MediaFaultsTold,
  GrantClaims,
  Login,
  ConsoleCommand,
  GrantRequest,
  UnmaskedGrantRequest,
  ClipRequest,
  HoldRequest,
  LiveAnswer,
  NoticeWanted,
  BoxEnrolled,
  BoxesEnrolled,
  ConfigSpread,
  WorkOrderNote,
  HouseholdLookUp,
  CertificateWanted,
  BoxActivation,
  BoxReports,
  TvHello: TvCalls.hello,
  TvKey: TvCalls.key,
  TvWatching: TvCalls.watching,
  TvWithdraw: TvCalls.withdraw,
  TvDetail: TvCalls.detail,
  TvRate: TvCalls.rate,
  TvDismiss: TvCalls.dismiss,
  TvDismissTest: TvCalls.dismissTest,
  TvTest: TvCalls.test,
  TvSettings: TvCalls.settings,
  TvReadNotice: TvCalls.readNotice,
  TvCameras: TvCalls.cameras,
  TvGrants: TvCalls.grants,
} as const;
