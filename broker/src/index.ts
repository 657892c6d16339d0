/** What other packages' set-up scripts and tests may import: the shapes of the centre's files. */
export { BrokerConfig, loadBrokerConfig, parseBrokerConfig } from './config.ts';
export { parseEnrolment, readEnrolmentFile } from './enrolment/read.ts';
export { EnrolledBox, EnrolledIntegrator, EnrolledMediaNode, EnrolledOperator, EnrolmentFile } from './enrolment/schema.ts';
