/**
 * The admin routes on a Unix socket in the data folder, for the command line on the centre's own machine: the database is locked
 * while the centre runs. Whoever may open the socket (mode 0600: the centre's own user, and root) may use them; there is no log-in.
 */
import { chmodSync, rmSync } from 'node:fs';
import { relative, resolve } from 'node:path';
import { CodedError } from '@shouwang/protocol';
import Fastify, { type FastifyInstance } from 'fastify';
import { answerErrors } from '../http/errors.ts';
import { acceptCsv } from './box-routes.ts';
import type { AdminContext } from './context.ts';
import { adminRoutes } from './routes.ts';

/** `sun_path` of unix(7) without its closing zero. */
const LONGEST_PATH = 107;

/** Builds the server; nothing listens yet. */
export async function createLocalAdmin(ctx: AdminContext): Promise<FastifyInstance> {
  const app = Fastify({ logger: false, forceCloseConnections: true, routerOptions: { maxParamLength: 64 } });
  answerErrors(app, ctx.log);
  acceptCsv(app);
  adminRoutes(
    app,
    ctx,
    () => 'local',
    () => 'local',
  );
  await app.ready();
  return app;
}

/** Listens at `path`. Call with the data folder's lock held: a socket that is there is left over from a process that was killed. Throws CONFIG_INVALID. */
export async function listenLocally(app: FastifyInstance, path: string): Promise<void> {
  const name = socketName(path);
  rmSync(name, { force: true });
  const before = process.umask(0o177);
  const listening = new Promise<void>((done, failed) => {
    app.server.once('error', (error: NodeJS.ErrnoException) =>
      failed(new CodedError('CONFIG_INVALID', `dataDir: expected a folder where a socket can be made; ${path} (${error.code})`)),
    );
    // Bound before this returns, hence within the mask: nobody else can open it, not even for a moment.
    app.server.listen(name, done);
  });
  process.umask(before);
  await listening;
  chmodSync(name, 0o600);
}

/** The socket's name, relative to the working directory where only that fits. Throws CONFIG_INVALID. */
export function socketName(path: string): string {
  const name = [resolve(path), relative(process.cwd(), path)].find((n) => Buffer.byteLength(n) <= LONGEST_PATH);
  if (name === undefined)
    throw new CodedError(
      'CONFIG_INVALID',
      `dataDir: expected a path of at most ${LONGEST_PATH - '/admin.sock'.length} bytes, found ${path}`,
    );
  return name;
}
