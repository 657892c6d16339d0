/** What the routes work with. */
import type { CaseView, CentreStatus, ErrorCode } from '@shouwang/protocol';
import { CodedError } from '@shouwang/protocol';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { AdminContext } from '../admin/context.ts';
import type { BoxHttp } from '../box-http/box-routes.ts';
import type { Catalogue } from '../cameras/catalogue.ts';
import type { Case } from '../cases/case.ts';
import type { Clock } from '../clock.ts';
import type { BrokerConfig } from '../config.ts';
import type { Directory, IntegratorEntry, OperatorEntry } from '../enrolment/directory.ts';
import type { ClipDesk } from '../evidence/clip-desk.ts';
import type { Fleet } from '../fleet/fleet.ts';
import type { Granter } from '../grants/granter.ts';
import type { GrantSigner } from '../grants/signer.ts';
import type { Answers } from '../live-feed/answers.ts';
import type { LiveFeed } from '../live-feed/live-feed.ts';
import type { Staffing } from '../live-feed/staffing.ts';
import type { Log } from '../log.ts';
import type { Notices } from '../notices/notices.ts';
import type { Store } from '../store/store.ts';
import type { Sessions } from './sessions.ts';

export interface HttpContext {
  config: BrokerConfig;
  store: Store;
  clock: Clock;
  log: Log;
  directory: Directory;
  catalogue: Catalogue;
  granter: Granter;
  fleet: Fleet;
  clipDesk: Pick<ClipDesk, 'holdsChanged'>;
  notices: Pick<Notices, 'board' | 'send' | 'withdraw'>;
  nodeIsOnline(node: string): boolean;
  /** ms since 1970. */
  nodeOfflineSince(node: string): number;
  signer: GrantSigner;
  sessions: Sessions;
  feed: LiveFeed;
  answers: Answers;
  staffing: Staffing;
  admin: AdminContext;
  /** Boxes without a daemon; undefined where they are not served. */
  boxHttp: BoxHttp | undefined;
  view(c: Case): CaseView;
  status(): CentreStatus;
  /** Empty: nobody but this machine reads `/metrics`. */
  metricsToken: string;
  /** Ends a viewer's running views at every media node. */
  revokeViewer(viewer: string): void;
}

export const COOKIE = 'sw_session';

/** The person behind a request. Throws NOT_LOGGED_IN, or NOT_ALLOWED for another role than those given. */
export function personOf(ctx: HttpContext, request: FastifyRequest, ...roles: OperatorEntry['role'][]): OperatorEntry {
  const user = ctx.sessions.userOf(request.cookies[COOKIE]);
  const person = user === undefined ? undefined : ctx.directory.operators.get(user);
  if (!person || person.revoked) throw new CodedError('NOT_LOGGED_IN');
  if (roles.length > 0 && !roles.includes(person.role)) throw new CodedError('NOT_ALLOWED');
  return person;
}

/** The integrator behind a request, put there by its Basic credentials. */
export type IntegratorOf = (request: FastifyRequest) => IntegratorEntry;

/** A whole number of the query, within bounds. Throws BAD_PAYLOAD. */
export function queryNumber(request: FastifyRequest, name: string, otherwise: number, min: number, max: number): number {
  const text = (request.query as Record<string, unknown>)[name];
  if (text === undefined || text === '') return otherwise;
  const value = typeof text === 'string' && /^\d{1,15}$/.test(text) ? Number(text) : Number.NaN;
  if (!(value >= min)) throw new CodedError('BAD_PAYLOAD', `${name}: expected a whole number of at least ${min}`);
  return Math.min(value, max);
}

/** Sends a coded error as its body with its status. */
export function sendError(reply: FastifyReply, error: CodedError): void {
  void reply.code(error.status).header('cache-control', 'no-store').send(error.toBody());
}

/** Codes that are no fault of ours: not worth a line in the log. */
export const EXPECTED: ReadonlySet<ErrorCode> = new Set(['NOT_LOGGED_IN', 'NOT_FOUND', 'CASE_STATE', 'CASE_UNKNOWN', 'CAMERA_OFFLINE']);
