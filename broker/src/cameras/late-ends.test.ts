import { join } from 'node:path';
import { expect, it } from 'vitest';
import { uuid7 } from '../ids.ts';
import { Engine } from '../store/engine.ts';
import { OPERATIONS } from '../store/operations.ts';
import { aFolder } from '../testing/folder.ts';
import { POLICY } from '../testing/messages.ts';

it('a node that kept its journal over a restart still tells when its views really ended, once', async () => {
  const engine = await Engine.open(OPERATIONS, { path: join(aFolder(), 'x.sqlite'), policy: POLICY });
  const [viewId, grantId, before, after] = [uuid7(1), uuid7(2), uuid7(3), uuid7(4)];
  const view = (phase: string, at: number) => ({
    node: 'm',
    at: 9000,
    view: { epoch: before, viewId, phase, grantId, cameraId: 'gate', at },
  });
  const run = async (name: string, args: unknown) => (await engine.batch([{ id: 1, name, args }])).answers[0]!;
  await run('recordView', view('started', 1000));
  await run('nodeStarted', { node: 'm', epoch: after, publicUrl: 'http://x', at: 9000 });
  await run('recordView', view('ended', 2000));
  await run('recordView', view('ended', 2000));
  const answer = await run('readLedger', { after: 0, limit: 100 });
  engine.close();
  const rows = answer.ok ? (answer.value as { kind: string; event: string }[]) : [];
  const ends = rows.filter((r) => r.kind === 'view.ended').map((r) => JSON.parse(r.event).data);
  expect(ends.map((d) => [d.endedAt, d.exact, d.corrects])).toEqual([
    [9000, false, undefined],
    [2000, undefined, true],
  ]);
});
