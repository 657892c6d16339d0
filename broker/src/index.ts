/** What set-up scripts and tests of other packages may import: the shapes of the centre's files, and the ledger's verification. */

/** The centre itself, with another MQTT broker in front if wanted, and its store alone: what benches and faults work on. */
export { type App, createApp } from './app.ts';
export { systemClock } from './clock.ts';
export { BrokerConfig, loadBrokerConfig, parseBrokerConfig } from './config.ts';
export { dataFiles } from './data-files.ts';
export { parseEnrolment, readEnrolmentFile } from './enrolment/read.ts';
export { EnrolledBox, EnrolledIntegrator, EnrolledMediaNode, EnrolledOperator, EnrolmentFile } from './enrolment/schema.ts';
export { type Verification, verifyDatabase, verifyLedger } from './ledger/verify.ts';
export { createLog } from './log.ts';
export type { MqttFront, MqttOptions } from './mqtt/server.ts';
export { WorkerStore } from './store/store.ts';
