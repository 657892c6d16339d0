/** What `/metrics` counts. */
import fastify from 'fastify';
import { expect, it } from 'vitest';
import type { HttpContext } from './context.ts';
import { metricsRoute } from './metrics-route.ts';

it('counts nobody as enrolled who was revoked: what is online may be compared with it', async () => {
  const app = fastify();
  const enrolled = new Map([
    ['here', { revoked: false }],
    ['away', { revoked: false }],
    ['retired', { revoked: true }],
  ]);
  metricsRoute(app, {
    metricsToken: '',
    directory: { boxes: enrolled, mediaNodes: enrolled },
    status: () => ({ now: 0, boxesOnline: 1, operators: 0 }),
    nodeIsOnline: (node: string) => node === 'here',
  } as unknown as HttpContext);
  const { body } = await app.inject('/metrics');
  const counted = [...body.matchAll(/^shouwang_centre_(\w+) (\d+)$/gm)].map(([, name, n]) => [name, Number(n)]);
  expect(Object.fromEntries(counted)).toEqual({
    boxes_online: 1,
    boxes_enrolled: 2,
    operators_online: 0,
    nodes_online: 1,
    nodes_enrolled: 2,
  });
});
