/** The board, the case, its commands, and the live feed. */
import { apiPaths, type ConsoleCommand } from '@shouwang/protocol';
import { validate } from '@shouwang/protocol/validators';
import type { FastifyInstance } from 'fastify';
import type { CaseCommand } from '../cases/case.ts';
import { caseDetail } from '../cases/messages.ts';
import { COOKIE, type HttpContext, personOf, queryNumber } from './context.ts';
import { feedSocketOf } from './response-socket.ts';

/** How soon a live feed ends after its log-in did. */
const STILL_LOGGED_IN_EVERY_MS = 5000;

export function caseRoutes(app: FastifyInstance, ctx: HttpContext): void {
  app.get(apiPaths.cases, async (request) => {
    personOf(ctx, request);
    const { cases, seq } = await ctx.store.run('readBoard', { at: ctx.clock.now() });
    return { cases: cases.map((c) => ctx.view(c)), seq };
  });

  app.get<{ Params: { caseNo: string } }>(apiPaths.case(':caseNo'), async (request) => {
    personOf(ctx, request);
    const found = await ctx.store.run('readCase', { caseNo: request.params.caseNo });
    const view = ctx.view(found.case);
    return caseDetail(view, found.history, ctx.catalogue.besideCase(view.household.position, view.onScreen?.cameraId));
  });

  app.post<{ Params: { caseNo: string } }>(apiPaths.commands(':caseNo'), async (request) => {
    const person = personOf(ctx, request, 'operator');
    const command = caseCommand(validate('ConsoleCommand', request.body), person.post);
    const { caseNo } = request.params;
    return ctx.view(await ctx.store.run('commandFromConsole', { caseNo, command, user: person.user, at: ctx.clock.now() }));
  });

  app.post(apiPaths.liveAnswer, async (request) => {
    personOf(ctx, request);
    ctx.answers.answered(validate('LiveAnswer', request.body).feed);
    return {};
  });

  app.get(apiPaths.live, async (request, reply) => {
    const person = personOf(ctx, request);
    const last = request.headers['last-event-id'];
    const after =
      typeof last === 'string' && /^\d{1,15}$/.test(last) ? Number(last) : queryNumber(request, 'after', -1, 0, Number.MAX_SAFE_INTEGER);
    reply.hijack();
    const response = reply.raw;
    response.writeHead(200, {
      ...(reply.getHeaders() as Record<string, string>),
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-store',
      'x-accel-buffering': 'no',
    });
    response.flushHeaders();
    request.raw.socket.setKeepAlive(true, 15_000);
    const feed = ctx.answers.begins(() => {
      ctx.log.info({ user: person.user }, 'a console answers no longer: its feed is cut');
      response.destroy();
    });
    response.write(`event: feed\ndata: ${JSON.stringify({ feed })}\n\n`);
    // Only somebody who can sign counts as being there.
    const counts = person.role === 'operator';
    if (counts) ctx.staffing.arrived();
    // Whoever cannot sign any more is not there, and reads no more about households.
    let stopLooking: () => void = () => undefined;
    const look = (): void => {
      if (ctx.sessions.userOf(request.cookies[COOKIE]) === undefined) response.destroy();
      else stopLooking = ctx.clock.after(STILL_LOGGED_IN_EVERY_MS, look);
    };
    look();
    await ctx.feed.serve(feedSocketOf(response), after < 0 ? undefined : after, () => {
      stopLooking();
      ctx.answers.ends(feed);
      if (counts) ctx.staffing.left();
    });
  });
}

function caseCommand(c: ConsoleCommand, post: string): CaseCommand {
  switch (c.command) {
    case 'sign':
      return { do: 'sign', post };
    case 'handle':
    case 'grant-extension':
      return { do: c.command };
    case 'note':
      return { do: 'note', text: c.text };
    case 'ask-extension':
      return { do: 'ask-extension', reason: c.reason, until: c.until };
    case 'refuse-extension':
      return { do: 'refuse-extension', reason: c.reason };
    case 'close':
      return { do: 'close', result: c.result };
  }
}
