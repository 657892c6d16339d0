/** What set-up scripts and tests of other packages may import: the shapes of the centre's files, and the ledger's verification. */
export { BrokerConfig, loadBrokerConfig, parseBrokerConfig } from './config.ts';
export { parseEnrolment, readEnrolmentFile } from './enrolment/read.ts';
export { EnrolledBox, EnrolledIntegrator, EnrolledMediaNode, EnrolledOperator, EnrolmentFile } from './enrolment/schema.ts';
export { type Verification, verifyDatabase, verifyLedger } from './ledger/verify.ts';
