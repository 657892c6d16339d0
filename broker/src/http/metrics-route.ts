/** `/metrics` in the Prometheus text format: who is connected, what waits, and the process itself. */
import { readFileSync } from 'node:fs';
import { CodedError, mayReadMetrics } from '@shouwang/protocol';
import type { FastifyInstance } from 'fastify';
import { collectDefaultMetrics, Gauge, Registry } from 'prom-client';
import type { HttpContext } from './context.ts';

export function metricsRoute(app: FastifyInstance, ctx: HttpContext): void {
  // Measuring begins when somebody reads.
  let register: Registry | undefined;
  app.get('/metrics', async (request, reply) => {
    const asker = { address: request.socket.remoteAddress, headers: request.headers };
    if (!mayReadMetrics(asker, ctx.metricsToken)) throw new CodedError('NOT_ALLOWED');
    register ??= registryOf(ctx);
    return reply
      .header('cache-control', 'no-store')
      .type(register.contentType)
      .send(await register.metrics());
  });
}

function registryOf(ctx: HttpContext): Registry {
  const register = new Registry();
  collectDefaultMetrics({ register });
  const gauge = (name: string, help: string, read: () => number) =>
    new Gauge({
      name: `shouwang_centre_${name}`,
      help,
      registers: [register],
      collect() {
        this.set(read());
      },
    });
  gauge('boxes_online', 'Boxes that are connected', () => ctx.status().boxesOnline);
  gauge('operators_online', 'Operators at an open console', () => ctx.status().operators);
  gauge('boxes_enrolled', 'Boxes that are enrolled and not revoked', () => goodOf(ctx.directory.boxes));
  gauge(
    'nodes_online',
    'Media nodes that are connected',
    () => [...ctx.directory.mediaNodes.keys()].filter((n) => ctx.nodeIsOnline(n)).length,
  );
  gauge('nodes_enrolled', 'Media nodes that are enrolled and not revoked', () => goodOf(ctx.directory.mediaNodes));
  return register;
}

function goodOf(entries: ReadonlyMap<string, { revoked: boolean }>): number {
  return [...entries.values()].filter((e) => !e.revoked).length;
}

/** The token of `http.metricsTokenFile`; empty where there is no file. Throws CONFIG_INVALID where it cannot be read. */
export function readMetricsToken(path: string): string {
  if (!path) return '';
  try {
    return readFileSync(path, 'utf8').trim();
  } catch (cause) {
    throw new CodedError('CONFIG_INVALID', `http.metricsTokenFile: expected a readable file: ${path}`, { cause });
  }
}
