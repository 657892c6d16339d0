/** The centre as one object: builds its parts, starts and closes them in order. */
import { mkdirSync } from 'node:fs';
import type { CentreStatus } from '@shouwang/protocol';
import type { FastifyInstance } from 'fastify';
import { type Addresses, addressesOf } from './addresses.ts';
import type { AdminContext } from './admin/context.ts';
import { createLocalAdmin, listenLocally } from './admin/local-server.ts';
import { Publisher } from './announcements/publisher.ts';
import { Mailboxes } from './box-http/mailboxes.ts';
import { boxHttpOf, newActivationKey } from './box-http/parts.ts';
import { Catalogue } from './cameras/catalogue.ts';
import type { Case } from './cases/case.ts';
import type { Policy } from './cases/due.ts';
import { caseView } from './cases/messages.ts';
import type { Clock } from './clock.ts';
import { Closers } from './closers.ts';
import type { BrokerConfig } from './config.ts';
import { dataFiles } from './data-files.ts';
import { Deadlines } from './deadlines/deadlines.ts';
import { hashEnrolment } from './enrolment/apply.ts';
import { areaName, type Directory, householdOf } from './enrolment/directory.ts';
import { readEnrolmentFile } from './enrolment/read.ts';
import { Registry } from './enrolment/registry.ts';
import { ClipDesk } from './evidence/clip-desk.ts';
import { Fleet } from './fleet/fleet.ts';
import { fleetSettings } from './fleet/settings.ts';
import { inTurns } from './fleet/slices.ts';
import { markedHousehold } from './fleet/views.ts';
import { Granter } from './grants/granter.ts';
import { newEd25519Pem, readOrMakeFile } from './grants/keys.ts';
import { sayRevoke } from './grants/revocations.ts';
import { GrantSigner } from './grants/signer.ts';
import type { HttpContext } from './http/context.ts';
import { readMetricsToken } from './http/metrics-route.ts';
import { createHttp, listenHttp } from './http/server.ts';
import { Sessions } from './http/sessions.ts';
import { dayTeller } from './ids.ts';
import { BoxClocks } from './intake/box-clocks.ts';
import { sayNotice } from './intake/box-intake.ts';
import type { IntakeContext } from './intake/context.ts';
import { Intake } from './intake/intake.ts';
import { reload } from './intake/media-intake.ts';
import { RefusedConnects } from './intake/refused-connects.ts';
import { Replays } from './intake/replays.ts';
import { TooFast } from './intake/too-fast.ts';
import { Answers } from './live-feed/answers.ts';
import { LiveFeed } from './live-feed/live-feed.ts';
import { Staffing } from './live-feed/staffing.ts';
import type { Log } from './log.ts';
import { Maintenance } from './maintenance.ts';
import { Connections } from './mqtt/connections.ts';
import { BoxPaces } from './mqtt/pace.ts';
import { type MqttFront, type MqttOptions, MqttServer } from './mqtt/server.ts';
import { mqttHandlers } from './mqtt-handlers.ts';
import { Notices } from './notices/notices.ts';
import { openPki } from './pki/start.ts';
import { RemoteConfigs } from './remote-config/remote-configs.ts';
import { lockDataDir } from './store/lock.ts';
import { WorkerStore } from './store/store.ts';

export interface AppDeps {
  clock: Clock;
  log: Log;
  /** Something that cannot be repaired while running: the process should end. */
  onFatal(reason: string): void;
  /** The MQTT broker in front of the intake; the embedded one unless given. */
  mqtt?: (options: MqttOptions) => MqttFront;
}

export interface App {
  start(): Promise<Addresses>;
  close(): Promise<void>;
}

/** Builds the centre. Nothing is opened before `start`. */
export function createApp(config: BrokerConfig, deps: AppDeps): App {
  return new Centre(config, deps);
}

class Centre implements App {
  readonly #config: BrokerConfig;
  readonly #deps: AppDeps;
  /** What to close, last opened first. */
  readonly #closers: Closers;
  #closing: Promise<void> | undefined;

  constructor(config: BrokerConfig, deps: AppDeps) {
    this.#config = config;
    this.#deps = deps;
    this.#closers = new Closers(deps.clock, deps.log);
  }

  async start(): Promise<Addresses> {
    try {
      return await this.#start();
    } catch (error) {
      await this.close();
      throw error;
    }
  }

  close(): Promise<void> {
    this.#closing ??= this.#closers.close();
    return this.#closing;
  }

  async #start(): Promise<Addresses> {
    const config = this.#config;
    const { clock, log } = this.#deps;
    const startedAt = clock.now();
    const files = dataFiles(config.dataDir);
    mkdirSync(config.dataDir, { recursive: true, mode: 0o700 });
    this.#closers.push(lockDataDir(files.lock));
    const enrolmentFile = config.enrolmentFile === undefined ? undefined : readEnrolmentFile(config.enrolmentFile);
    const signer = await GrantSigner.fromPem(readOrMakeFile(files.grantKey, newEd25519Pem));
    const ledgerKey = readOrMakeFile(files.ledgerKey, newEd25519Pem);
    const policy: Policy = {
      signMs: config.deadlines.signS * 1000,
      handleMs: config.deadlines.handleS * 1000,
      closeMs: config.deadlines.closeS * 1000,
    };

    // Set below, before the first commit that announces anything.
    let publisher: Publisher | undefined;
    let feed: LiveFeed | undefined;
    let clipDesk: ClipDesk | undefined;
    const store = await WorkerStore.open({
      path: files.database,
      policy,
      log,
      onAnnounced: (rows) => {
        publisher?.push(rows);
        feed?.push(rows);
        clipDesk?.announced(rows);
      },
      onDead: (reason) => this.#deps.onFatal(`the store died: ${reason}`),
    });
    this.#closers.push(() => store.close());
    if (enrolmentFile) await store.run('enrol', await hashEnrolment(enrolmentFile, clock.now()));
    const directory = await store.run('readDirectory', undefined);

    const pki = await openPki({ config, dir: files.certificates, store, directory, clock, log });
    const certificates = pki?.certificates;

    const connections = new Connections({ changed: () => feed?.statusChanged(), now: () => clock.now() });
    const mailboxes = new Mailboxes({
      clock,
      pollMs: config.http.boxPollS * 1000,
      maxWaiting: config.http.maxBoxPolls,
      changed: () => feed?.statusChanged(),
    });
    this.#closers.push(() => mailboxes.close());
    const catalogue = new Catalogue(connections);
    await reload({ store, catalogue });
    const fleet = new Fleet({
      store,
      clock,
      log,
      directory,
      settings: fleetSettings(config.fleet),
      onDoubt: (boxId, since) => feed?.householdMarked({ boxId, addressInDoubtSince: since ?? null }),
    });
    await fleet.load();
    this.#closers.push(() => fleet.close());
    const granter = new Granter({ catalogue, signer, store, clock, validS: config.grants.validS });
    const sessions = new Sessions(store, clock, config.http.sessionHours * 3_600_000);
    await sessions.load();
    const maintenance = new Maintenance({
      store,
      clock,
      log,
      ledgerKey,
      early: { waitMs: config.intake.earlyUpdateS * 1000, phone: config.centre.phone },
      endSessions: () => {
        for (const user of sessions.forgetExpired()) revokeViewer(`operator:${user}`);
      },
    });
    this.#closers.push(() => maintenance.close());
    const deadlines = new Deadlines({ store, clock, log, signMs: policy.signMs });
    this.#closers.push(() => deadlines.close());
    const staffing = new Staffing(clock, config.centre.leaveGraceS * 1000, () => {
      feed?.statusChanged();
      void noticeAll();
    });
    this.#closers.push(() => staffing.close());

    const publish = (topic: string, payload: string, done?: () => void, retained?: boolean): void => {
      mailboxes.deliver(topic, payload);
      mqtt.publish(topic, payload, done, retained);
    };
    const say = (topic: string, payload: unknown): void => publish(topic, JSON.stringify(payload));
    const remoteConfigs = new RemoteConfigs({ store, clock, directory, isOnline: (boxId) => connections.boxes.has(boxId), say });
    await remoteConfigs.load();
    const desk = new ClipDesk({
      store,
      clock,
      log,
      directory,
      catalogue,
      config: config.evidence,
      nodes: () => [...directory.mediaNodes.keys()].filter((node) => connections.nodeIsOnline(node)),
      say,
    });
    this.#closers.push(() => desk.close());
    const notices = new Notices({
      store,
      clock,
      log,
      directory,
      config: config.notices,
      from: config.centre.name,
      online: () => [...connections.boxes, ...mailboxes.boxes],
      subscribes: (boxId) => connections.boxes.has(boxId),
      say: (topic, payload, retained) => publish(topic, JSON.stringify(payload), undefined, retained),
    });
    await notices.load();
    this.#closers.push(() => notices.close());
    const context: IntakeContext = {
      clipDesk: desk,
      notices,
      remoteConfigs,
      store,
      clock,
      log,
      directory,
      catalogue,
      granter,
      certificates,
      boxClocks: new BoxClocks(),
      fleet,
      centre: config.centre,
      day: dayTeller(config.centre.timeZone),
      staffed: () => staffing.staffed,
      loggedInSince: (user) => sessions.loggedInSince(user),
      say,
      alarmCommitted: (at) => deadlines.alarmCommitted(at),
    };
    const intake = new Intake(context);
    const tooFast = new TooFast(store, clock, log);
    this.#closers.push(() => tooFast.close());
    const boxPaces = new BoxPaces(clock, config.mqtt);
    const handlers = mqttHandlers({
      intake,
      refusedConnects: new RefusedConnects(store, clock, log),
      tooFast,
      notices,
      replayAgain: (subscribed) => publisher?.sayReplayedAgain((row) => subscribed(row.topic)),
    });
    const makeMqtt = this.#deps.mqtt ?? ((options: MqttOptions) => new MqttServer(options));
    const mqtt = makeMqtt({
      config: config.mqtt,
      tls: pki,
      directory,
      connections,
      clock,
      log,
      boxPaces,
      handlers,
    });
    publisher = new Publisher({ store, clock, log, publish });
    const replayed = publisher;
    this.#closers.push(() => replayed.close());
    await mqtt.open();
    this.#closers.push(() => mqtt.close());
    await publisher.replay();

    const noticeAll = () => inTurns([...connections.boxes, ...mailboxes.boxes], (boxId) => sayNotice(context, boxId));
    const view = (c: Case) => viewOf(directory, fleet, policy, c);
    const status = (): CentreStatus => ({
      now: clock.now(),
      boxesOnline: connections.boxes.size + mailboxes.size,
      operators: staffing.operators,
    });
    feed = new LiveFeed({
      store,
      clock,
      log,
      commentMs: config.live.commentS * 1000,
      maxBufferBytes: config.live.maxBufferBytes,
      view,
      status,
    });
    const live = feed;
    feed.start((await store.run('readMarks', undefined)).last);

    const revokeViewer = (viewer: string): void => {
      for (const node of directory.mediaNodes.keys()) sayRevoke(context, node, viewer);
    };
    const cut = (boxId: string): void => {
      mqtt.cut(boxId);
      mailboxes.cut(boxId);
    };
    const registry = new Registry({
      store,
      directory,
      clock,
      revocationDate: () => granter.revocationDate(),
      cut,
      endViews: (boxId) => revokeViewer(`box:${boxId}`),
      moved: (boxId) => notices.sayTo(boxId, false),
    });
    const replays = new Replays({ store, clock, directory, intake });
    const boxHttp = config.http.tvAppDir
      ? boxHttpOf({
          config,
          store,
          clock,
          log,
          directory,
          mailboxes,
          registry,
          certificates,
          activationKey: readOrMakeFile(files.activationKey, newActivationKey),
          paces: boxPaces,
          handlers,
        })
      : undefined;
    const admin: AdminContext = {
      store,
      clock,
      log,
      directory,
      registry,
      replays,
      certificates,
      remoteConfigs,
      cut,
      activation: boxHttp?.activation,
      isOnline: (boxId) => connections.boxes.has(boxId) || mailboxes.has(boxId),
    };
    const httpContext: HttpContext = {
      config,
      store,
      clock,
      log,
      directory,
      catalogue,
      granter,
      fleet,
      clipDesk: desk,
      notices,
      nodeIsOnline: (node) => connections.nodeIsOnline(node),
      nodeOfflineSince: (node) => connections.nodeLeftAt(node) ?? startedAt,
      signer,
      sessions,
      feed,
      answers: new Answers(clock, config.live.answerS * 1000),
      staffing,
      admin,
      boxHttp,
      view,
      status,
      revokeViewer,
      metricsToken: readMetricsToken(config.http.metricsTokenFile),
    };
    const http: FastifyInstance = await createHttp(httpContext);
    this.#closers.push(() => http.close());
    this.#closers.push(() => live.close());

    const localAdmin = await createLocalAdmin(admin);
    this.#closers.push(() => localAdmin.close());

    clipDesk = desk;
    await desk.start();
    maintenance.start();
    fleet.start();
    const mqttPorts = await mqtt.listen();
    if (pki) this.#closers.push(pki.daily((identity) => mqtt.renewTls(identity)));
    // Only now, so that whoever is back already hears of what became due in the meantime.
    await deadlines.start();
    await listenLocally(localAdmin, files.adminSocket);
    const httpPort = await listenHttp(http, config.http.host, config.http.port);
    return addressesOf(config, { http: httpPort, mqtt: mqttPorts }, certificates?.authority.pin);
  }
}

function viewOf(directory: Directory, fleet: Fleet, policy: Policy, c: Case) {
  const household = markedHousehold({ fleet }, householdOf(directory, c.boxId, c.area));
  return caseView(c, household, areaName(directory, c.area), policy);
}
