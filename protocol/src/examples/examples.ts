/** Golden examples: one valid value of every schema that crosses a process boundary. Tests, documents and other teams' simulators start from these. */
import { makeEvent } from '../envelope.ts';
import type { SchemaName, ValueOf } from '../validators.ts';

const T = 1_795_420_800_000; // 2026-11-23T08:00:00Z
const ALARM = '0193580a-0000-7000-8000-000000000001';
const MESSAGE = '0193580a-0000-7000-8000-000000000002';
const CASE = '20261123-0007';
const box = 'box/box-0001';
const centre = 'centre';
const media = 'media/media-01';

/** PEM (RFC 7468) of the right form; the content means nothing. */
function pem(label: string): string {
  return `-----BEGIN ${label}-----\n${'QUJD'.repeat(16)}\n-----END ${label}-----\n`;
}

export const EXAMPLES: { [N in SchemaName]: ValueOf<N> } = {
  AlarmRaised: makeEvent('cn.shouwang.alarm.raised.v1', box, ALARM, T, {
    pressedAt: T,
    gesture: 'hold',
    withdrawWindowS: 3,
    onScreen: { cameraId: 'gate', pictureAt: T - 400 },
  }),
  AlarmWithdrawn: makeEvent('cn.shouwang.alarm.withdrawn.v1', box, MESSAGE, T, { alarmId: ALARM, at: T }),
  AlarmDetailed: makeEvent('cn.shouwang.alarm.detailed.v1', box, MESSAGE, T, { alarmId: ALARM, at: T, about: 'fire' }),
  CaseRated: makeEvent('cn.shouwang.case.rating.v1', box, MESSAGE, T, { alarmId: ALARM, rating: 'satisfied', at: T }),
  TestRaised: makeEvent('cn.shouwang.box.test.v1', box, MESSAGE, T, { at: T, by: 'person' }),
  FaultReported: makeEvent('cn.shouwang.box.fault.v1', box, MESSAGE, T, { fault: 'flash', at: T, detail: 'EROFS' }),
  RenewalAsked: makeEvent('cn.shouwang.box.renewal.v1', box, MESSAGE, T, { csr: pem('CERTIFICATE REQUEST') }),
  SyncAsked: makeEvent('cn.shouwang.box.sync.v1', box, MESSAGE, T, { open: [ALARM], version: '0.1.0' }),
  ViewAsked: makeEvent('cn.shouwang.box.view.v1', box, MESSAGE, T, { ask: 'grants', cameraIds: ['gate'], reason: 'watch' }),
  BoxStatus: {
    online: true,
    at: T,
    version: '0.1.0',
    health: { outbox: true, keys: true, time: true, waiting: 0, config: 3, faults: [] },
    neighbourhood: '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08',
  },
  CentreNotice: makeEvent('cn.shouwang.centre.notice.v1', centre, MESSAGE, T, {
    name: '平安镇综治中心',
    phone: '0859-555-0110',
    staffed: true,
  }),
  Received: makeEvent('cn.shouwang.box.received.v1', centre, MESSAGE, T, {
    messageId: ALARM,
    alarmId: ALARM,
    caseNo: CASE,
    receivedAt: T,
  }),
  Rejected: makeEvent('cn.shouwang.box.rejected.v1', centre, MESSAGE, T, {
    messageId: ALARM,
    alarmId: ALARM,
    code: 'BOX_UNKNOWN',
    message: '机顶盒未登记，请直接打电话',
    phone: '0859-555-0110',
  }),
  Progress: makeEvent('cn.shouwang.alarm.progress.v1', centre, MESSAGE, T, {
    alarmId: ALARM,
    caseNo: CASE,
    revision: 2,
    state: 'signed',
    since: T,
    receivedAt: T - 5000,
    post: '综治中心值班员',
    signedAt: T,
    reopened: 0,
  }),
  NoticesTold: makeEvent('cn.shouwang.box.notices.v1', centre, MESSAGE, T, {
    boxId: 'box-0001',
    notices: [
      {
        id: ALARM,
        at: T,
        until: T + 86_400_000,
        from: '平安镇综治中心',
        title: '周五停水',
        text: '周五上午八点到下午四点停水，请提前存水。',
      },
    ],
  }),
  Cameras: makeEvent('cn.shouwang.box.cameras.v1', centre, MESSAGE, T, {
    requestId: MESSAGE,
    boxId: 'box-0001',
    cameras: [{ id: 'gate', name: '大门口', place: '平安村3组', distanceM: 40, online: true }],
  }),
  Grants: makeEvent('cn.shouwang.box.grants.v1', centre, MESSAGE, T, {
    requestId: MESSAGE,
    grants: [
      { cameraId: 'gate', token: 'eyJhbGciOiJFZERTQSJ9.example.signature', mediaUrl: 'http://127.0.0.1:8810', expiresAt: T + 60_000 },
    ],
    refused: [{ cameraId: 'school', code: 'CAMERA_NOT_GRANTED' }],
  }),
  ConfigSent: makeEvent('cn.shouwang.box.config.v1', centre, MESSAGE, T, {
    payload: 'eyJ2ZXJzaW9uIjozfQ==',
    alg: 'Ed25519',
    kid: 'centre-1',
    signature: 'AAAA',
  }),
  RemoteConfig: { version: 3, area: '520423', settings: { alarm: { lateAfterS: 15 }, log: { level: 'warn' } } },
  CertificateIssued: makeEvent('cn.shouwang.box.certificate.v1', centre, MESSAGE, T, { requestId: MESSAGE, chain: pem('CERTIFICATE') }),
  CaseAnnounced: makeEvent('cn.shouwang.case.event.v1', centre, MESSAGE, T, {
    seq: 41,
    event: 'opened',
    caseNo: CASE,
    alarmId: ALARM,
    revision: 1,
    state: 'received',
    area: '522328101201',
    at: T,
    by: 'box',
    pressedAt: T,
    cameraId: 'gate',
    pictureAt: T - 400,
  }),
  CaseCommanded: makeEvent('cn.shouwang.case.command.v1', 'integrator/110', MESSAGE, T, { command: 'sign', post: '110指挥中心' }),
  CommandReply: makeEvent('cn.shouwang.case.command.reply.v1', centre, MESSAGE, T, { commandId: MESSAGE, caseNo: CASE, ok: true }),
  MediaHello: makeEvent('cn.shouwang.media.hello.v1', media, MESSAGE, T, { epoch: MESSAGE, publicUrl: 'http://127.0.0.1:8810' }),
  MediaCameras: makeEvent('cn.shouwang.media.cameras.v1', media, MESSAGE, T, {
    cameras: [
      {
        id: 'gate',
        name: '大门口',
        place: '平安村3组',
        area: '522328101201',
        position: { lat: 25.1012, lon: 105.4713 },
        householdsOf: ['522328101201'],
      },
    ],
  }),
  MediaView: makeEvent('cn.shouwang.media.view.v1', media, MESSAGE, T, {
    epoch: MESSAGE,
    viewId: ALARM,
    phase: 'started',
    grantId: ALARM,
    cameraId: 'gate',
    at: T,
  }),
  MediaRefusal: makeEvent('cn.shouwang.media.refusal.v1', media, MESSAGE, T, {
    code: 'GRANT_EXPIRED',
    what: 'session',
    cameraId: 'gate',
    grantId: ALARM,
    address: '192.0.2.7',
    count: 1,
    firstAt: T,
    lastAt: T,
  }),
  MediaRevoke: makeEvent('cn.shouwang.media.revoke.v1', centre, MESSAGE, T, { cameraId: 'gate' }),
  ClipWanted: makeEvent('cn.shouwang.media.clip.wanted.v1', centre, MESSAGE, T, {
    clipId: MESSAGE,
    caseNo: CASE,
    cameraId: 'gate',
    from: T - 30_000,
    to: T + 60_000,
    wanted: 'kept',
  }),
  ClipReported: makeEvent('cn.shouwang.media.clip.v1', media, MESSAGE, T, {
    clipId: MESSAGE,
    caseNo: CASE,
    cameraId: 'gate',
    revision: 3,
    state: 'complete',
    parts: [
      {
        n: 1,
        stage: 'whole',
        from: T - 31_000,
        to: T + 60_000,
        frames: 2275,
        bytes: 46_000_000,
        durationMs: 91_000,
        codec: 'h264',
        fileSha256: 'a'.repeat(64),
        manifestSha256: 'b'.repeat(64),
        kid: 'c'.repeat(64),
      },
    ],
    gaps: [],
    at: T + 61_000,
  }),
  EvidenceKeyTold: makeEvent('cn.shouwang.media.key.v1', media, MESSAGE, T, {
    kid: 'c'.repeat(64),
    alg: 'Ed25519',
    publicKey: 'MCowBQYDK2VwAyEAGb9ECWmEzf6FQbrBZ9w7lshQhqowtrbLDFw4rXAxZuE=',
  }),
  MediaFaultsTold: makeEvent('cn.shouwang.media.faults.v1', media, MESSAGE, T, {
    faults: [{ cameraId: 'gate', fault: 'black', since: T - 20_000, detail: '亮度 16' }],
  }),
  GrantClaims: {
    iss: 'shouwang-centre',
    aud: 'shouwang-media',
    sub: 'box:box-0001',
    cam: 'gate',
    why: 'watch',
    jti: MESSAGE,
    iat: T / 1000,
    exp: T / 1000 + 60,
  },
  Login: { user: 'zhiban', password: 'example' },
  ConsoleCommand: { command: 'close', result: '民警到场，已劝离' },
  LiveAnswer: { feed: MESSAGE },
  NoticeWanted: {
    id: ALARM,
    area: '522328101201',
    until: T + 86_400_000,
    title: '周五停水',
    text: '周五上午八点到下午四点停水，请提前存水。',
  },
  WorkOrderNote: { text: '已联系住户，明天上门', assignee: '张师傅' },
  HouseholdLookUp: { why: 'repair' },
  GrantRequest: { cameraId: 'gate', why: { caseNo: CASE } },
  UnmaskedGrantRequest: { cameraId: 'gate', caseNo: CASE, unmask: { reason: 'danger', words: '院内有人呼救' } },
  ClipRequest: { what: 'original', unmask: { reason: 'order', words: '派出所调取，编号 12' } },
  HoldRequest: { reason: '公安机关立案', until: T + 90 * 86_400_000 },
  BoxEnrolled: {
    boxId: 'box-0001',
    name: '王秀英',
    address: '平安村3组12号',
    phone: '13900000001',
    area: '522328101201',
    position: { lat: 25.101, lon: 105.471 },
  },
  CertificateWanted: {
    csr: `-----BEGIN CERTIFICATE REQUEST-----\n${'A'.repeat(64)}\n-----END CERTIFICATE REQUEST-----\n`,
    keepEarlier: true,
  },
  ConfigSpread: { to: { area: '520423' }, config: { payload: 'eyJ2IjoxfQ==', alg: 'Ed25519', kid: 'county-2026', signature: 'QUJD' } },
  BoxActivation: { code: '04819926', reported: { middleware: 'ipanel', card: '8531002345678901', mac: '00:1A:2B:3C:4D:5E' } },
  BoxesEnrolled: { boxes: [{ boxId: 'box-0001' }], makeSecrets: true },
  TvHello: { version: 1 },
  TvKey: { key: 'alarm', action: 'down' },
  TvWatching: { onScreen: { cameraId: 'gate', pictureAt: T } },
  TvWithdraw: {},
  TvDetail: { about: 'medical' },
  TvRate: { rating: 'fair' },
  TvDismiss: {},
  TvTest: {},
  TvReadNotice: { noticeId: ALARM },
  TvSettings: { settings: { type: 'large', contrast: 'plain', language: 'zh', voice: 'on' } },
  TvDismissTest: {},
  TvCameras: {},
  TvGrants: { cameraIds: ['gate'], reason: 'wall' },
};
