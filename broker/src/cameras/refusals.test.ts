import { join } from 'node:path';
import { expect, it } from 'vitest';
import { uuid7 } from '../ids.ts';
import { Engine } from '../store/engine.ts';
import { OPERATIONS } from '../store/operations.ts';
import { aFolder } from '../testing/folder.ts';
import { POLICY } from '../testing/messages.ts';

it('a refused viewer is in the ledger without an address and among the dead letters with it, once', async () => {
  const engine = await Engine.open(OPERATIONS, { path: join(aFolder(), 'x.sqlite'), policy: POLICY });
  const run = async (name: string, args: unknown) => {
    const answer = (await engine.batch([{ id: 1, name, args }])).answers[0]!;
    if (!answer.ok) throw new Error(JSON.stringify(answer));
    return answer.value;
  };
  const grantId = uuid7(2);
  const grant = { grantId, cameraId: 'gate', node: 'm', viewer: 'operator:zhiban', why: 'round', issuedAt: 1000, expiresAt: 61_000 };
  await run('recordGrants', { grants: [grant] });
  const refusal = { code: 'GRANT_USED', what: 'session', cameraId: 'gate', grantId, address: '192.0.2.7', count: 3, firstAt: 5, lastAt: 9 };
  const message = { node: 'm', id: uuid7(5), refusal, at: 9000 };
  await run('recordViewRefusal', message);
  const early = { ...refusal, code: 'GRANT_INVALID', detail: 'not valid yet' };
  await run('recordViewRefusal', { ...message, id: uuid7(6), refusal: early, at: 9001 });
  await run('recordViewRefusal', message);
  const ledger = (await run('readLedger', { after: 0, limit: 100 })) as { kind: string; event: string }[];
  const letters = (await run('readDeadLetters', { limit: 10 })) as { code: string; client: string; reason: string }[];
  engine.close();
  const rows = ledger.filter((r) => r.kind === 'view.refused').map((r) => JSON.parse(r.event).data);
  expect(rows).toMatchObject([{ code: 'GRANT_USED', camera: 'gate', grant: grantId, why: 'round', count: 3 }, { code: 'GRANT_INVALID' }]);
  expect(rows[0].viewer).not.toContain('zhiban');
  expect(JSON.stringify(rows)).not.toContain('192.0.2.7');
  const reason = `3 from 192.0.2.7, grant ${grantId}`;
  expect(letters).toMatchObject([
    { code: 'GRANT_INVALID', reason: `${reason}: not valid yet` },
    { code: 'GRANT_USED', client: 'viewers at media:m', reason },
  ]);
});
