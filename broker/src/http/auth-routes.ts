/** Log in, log out, who am I. */
import { apiPaths, CodedError, type Me } from '@shouwang/protocol';
import { validate } from '@shouwang/protocol/validators';
import type { FastifyInstance } from 'fastify';
import type { OperatorEntry } from '../enrolment/directory.ts';
import { passwordMatches } from '../enrolment/secrets.ts';
import { Attempts } from './attempts.ts';
import { COOKIE, type HttpContext, personOf } from './context.ts';

const FAILURES_A_MINUTE = 5;
/** scrypt is costly on purpose: so many at once, the others are told to wait. */
const AT_ONCE = 8;

export function authRoutes(app: FastifyInstance, ctx: HttpContext): void {
  const byAddress = new Attempts(ctx.clock, FAILURES_A_MINUTE * 4);
  const byName = new Attempts(ctx.clock, FAILURES_A_MINUTE);
  let running = 0;

  async function check(user: string, password: string): Promise<OperatorEntry | undefined> {
    const person = ctx.directory.operators.get(user);
    if (running >= AT_ONCE) throw new CodedError('TOO_MANY');
    running++;
    try {
      return (await passwordMatches(password, person?.passwordHash)) && !person?.revoked ? person : undefined;
    } finally {
      running--;
    }
  }

  const me = (person: OperatorEntry): Me => ({
    user: person.user,
    post: person.post,
    role: person.role,
    centreName: ctx.config.centre.name,
  });

  app.post(apiPaths.login, async (request, reply) => {
    const { user, password } = validate('Login', request.body);
    // By name and address together: nobody can lock another person out from elsewhere.
    const nameKey = `${user}@${request.ip}`;
    if (byAddress.tooMany(request.ip) || byName.tooMany(nameKey)) throw new CodedError('TOO_MANY');
    const person = await check(user, password);
    if (!person) {
      byAddress.failed(request.ip);
      byName.failed(nameKey);
      ctx.log.warn({ ip: request.ip }, 'log-in failed');
      throw new CodedError('BAD_CREDENTIALS');
    }
    byName.succeeded(nameKey);
    const token = await ctx.sessions.open(person.user);
    return reply
      .setCookie(COOKIE, token, {
        httpOnly: true,
        sameSite: 'strict',
        secure: ctx.config.http.secureCookie,
        path: '/',
        maxAge: Math.floor(ctx.config.http.sessionHours * 3600),
      })
      .send(me(person));
  });

  app.post(apiPaths.logout, async (request, reply) => {
    const person = personOf(ctx, request);
    await ctx.sessions.end(request.cookies[COOKIE]!);
    // Logged in elsewhere, too: those pictures go on.
    if (!ctx.sessions.isLoggedIn(person.user)) ctx.revokeViewer(`operator:${person.user}`);
    return reply.clearCookie(COOKIE, { path: '/' }).code(204).send();
  });

  app.get(apiPaths.me, async (request) => me(personOf(ctx, request)));
}
