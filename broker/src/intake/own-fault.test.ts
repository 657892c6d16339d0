/** A fault of the centre's own is put on the record, but it is no final word to somebody in need. */
import { CodedError, topics } from '@shouwang/protocol';
import { expect, it } from 'vitest';
import { ManualClock } from '../testing/manual-clock.ts';
import { anAlarm, VILLAGE } from '../testing/messages.ts';
import { BoxClocks } from './box-clocks.ts';
import type { IntakeContext } from './context.ts';
import { Intake } from './intake.ts';

/** An intake over a store whose `raiseAlarm` fails with `code`; what it was asked to refuse is kept. */
function anIntake(code: 'INTERNAL' | 'ID_CONFLICT') {
  const refused: { refusal: { code: string }; rejection?: unknown }[] = [];
  const store = {
    run: async (name: string, args: never) => {
      if (name === 'refuse') return void refused.push(args);
      throw new CodedError(code);
    },
  };
  const household = { boxId: 'box-0001', name: 'x', address: 'x', phone: 'x', area: VILLAGE };
  const silent = () => undefined;
  const intake = new Intake({
    store,
    clock: new ManualClock(),
    log: { warn: silent, error: silent },
    fleet: { heard: silent },
    directory: { boxes: new Map([['box-0001', { household, secretHash: '', revoked: false }]]) },
    centre: { phone: '0859-555-0110' },
    boxClocks: new BoxClocks(),
    day: () => '20260101',
    staffed: () => true,
  } as unknown as IntakeContext);
  const payload = Buffer.from(JSON.stringify(anAlarm('box-0001')));
  return { refused, verdict: intake.receive({ kind: 'box', boxId: 'box-0001' }, topics.boxUp('box-0001', 'alarm'), payload) };
}

it('an alarm that the centre could not take for a fault of its own is kept as a dead letter, and the box goes on trying', async () => {
  const { refused, verdict } = anIntake('INTERNAL');
  expect(await verdict).toBe('accepted');
  expect(refused).toHaveLength(1);
  expect(refused[0]).toMatchObject({ refusal: { code: 'INTERNAL' } });
  expect(refused[0]?.rejection).toBeUndefined();
});

it('what no retry helps is rejected for good', async () => {
  const { refused, verdict } = anIntake('ID_CONFLICT');
  expect(await verdict).toBe('accepted');
  expect(refused[0]?.rejection).toMatchObject({ boxId: 'box-0001' });
});
