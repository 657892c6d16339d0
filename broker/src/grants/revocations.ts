/**
 * Ends of views, said to media nodes. A session goes on there for as long as its viewer renews it, without asking the centre: what ended
 * while a node was away, or was lost on the way to it, is said to it when it is back. It works out of what is stored, so a restart of the
 * centre loses none.
 */
import { makeEvent, topics } from '@shouwang/protocol';
import type { Clock } from '../clock.ts';
import type { Directory } from '../enrolment/directory.ts';
import { uuid7 } from '../ids.ts';
import type { Granter } from './granter.ts';

export interface RevocationsContext {
  clock: Clock;
  directory: Pick<Directory, 'boxes' | 'operators'>;
  granter: Pick<Granter, 'revocationDate'>;
  /** When the oldest of an operator's good log-ins was made, ms; undefined: there is none. */
  loggedInSince(user: string): number | undefined;
  say(topic: string, payload: unknown): void;
}

/** A node that was away for longer hears no more of households that moved or have another secret: nobody watched for so long. */
const SAID_AGAIN_MS = 7 * 86_400_000;

/** `down/revoke`: ends a viewer's sessions at a node, those whose grants were made until `at` (ms). */
export function sayRevoke(
  { granter, say }: Pick<RevocationsContext, 'granter' | 'say'>,
  node: string,
  viewer: string,
  at = granter.revocationDate(),
): void {
  say(topics.mediaDown(node, 'revoke'), makeEvent('cn.shouwang.media.revoke.v1', 'centre', uuid7(at), at, { viewer }));
}

/** Says to a node that is back what has ended. What began since lives on. */
export function sayRevokedAgain(ctx: RevocationsContext, node: string): void {
  const lately = ctx.clock.now() - SAID_AGAIN_MS;
  for (const [boxId, { revoked, viewsEndedAt = 0 }] of ctx.directory.boxes) {
    if (revoked) sayRevoke(ctx, node, `box:${boxId}`);
    else if (viewsEndedAt > lately) sayRevoke(ctx, node, `box:${boxId}`, viewsEndedAt);
  }
  for (const [user, { revoked }] of ctx.directory.operators) {
    const since = revoked ? undefined : ctx.loggedInSince(user);
    // What was opened before the oldest log-in that is still good belongs to one that is over.
    sayRevoke(ctx, node, `operator:${user}`, since === undefined ? undefined : since - 1);
  }
}
