/**
 * HTTP of the centre for boxes that can run no daemon (`/api/v1/box`): their page does over HTTP what a bridge does over MQTT, with the
 * same messages. A box is known by HTTP Basic (RFC 7617), user `box:ID` and the secret that its activation gave it.
 */
import type { AnyCloudEvent } from './envelope.ts';

/** How many of its alarms a box lists, the open one included. */
export const REPORTS_AT_MOST = 10;

export const boxPaths = {
  /**
   * POST a message of `up/KIND`. 200: the centre's answer to it, sent after the commit (the CloudEvent of `down/received`, `down/rejected`,
   * `down/cameras` or `down/grant`). 202: taken, and the answer, if any, comes later in the state. Anything else is an `ErrorBody` and no answer: say it again.
   */
  up: (kind: string) => `/api/v1/box/up/${kind}`,
  /** POST `BoxStatus`, as a heartbeat. 204. */
  status: '/api/v1/box/status',
  /** GET `?after=CURSOR` → `BoxState`. Waits until there is something new, for at most `http.boxPollS`. */
  state: '/api/v1/box/state',
  /** GET → `BoxReports`. One of the messages that a box may send in a time (`mqtt.boxRate`): RATE_EXCEEDED. */
  reports: '/api/v1/box/reports',
  /** POST `BoxActivation` → `BoxActivated`. No credentials: the code is one. */
  activate: '/api/v1/box/activate',
} as const;

/** What has been said to a box since `after`. */
export interface BoxState {
  /** Where to go on. */
  cursor: string;
  /** The centre does not know `after` (first poll, centre restarted, away too long): ask `up/sync` for the truth, as after an MQTT connect. */
  anew: boolean;
  /** CloudEvents of `down/…`, oldest first. */
  messages: AnyCloudEvent[];
  /** Ask again after so many ms; 0: at once. More where too many boxes are waiting already. */
  againInMs: number;
}

/** Said once; nobody can read the secret again. */
export interface BoxActivated {
  boxId: string;
  secret: string;
}
