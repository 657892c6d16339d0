/** The township's notices: read by everybody who is logged in, sent and withdrawn by operators. */
import { noticePaths } from '@shouwang/protocol';
import { validate } from '@shouwang/protocol/validators';
import type { FastifyInstance } from 'fastify';
import { type HttpContext, personOf } from './context.ts';

export function noticeRoutes(app: FastifyInstance, ctx: HttpContext): void {
  app.get(noticePaths.notices, async (request) => {
    personOf(ctx, request);
    return ctx.notices.board();
  });

  app.post(noticePaths.notices, async (request) => {
    const person = personOf(ctx, request, 'operator');
    return ctx.notices.send(validate('NoticeWanted', request.body), person.user);
  });

  app.post<{ Params: { id: string } }>(noticePaths.withdrawNotice(':id'), async (request) => {
    const person = personOf(ctx, request, 'operator');
    return ctx.notices.withdraw(request.params.id, person.user);
  });
}
