import { CodedError, type Grant } from '@shouwang/protocol';
import { expect, test } from 'vitest';
import { settled } from '../../testing/cases.ts';
import { CaseViews, type Viewing } from './case-views.ts';

function views() {
  const log: string[] = [];
  const held: (() => void)[] = [];
  let hold = false;
  let fail: CodedError | undefined;
  const opened: (Viewing & { ended: string | undefined })[] = [];
  const all = new CaseViews('20261123-0001', {
    grant: async (cameraId, caseNo) => {
      log.push(`grant ${cameraId} for ${caseNo}`);
      if (fail) throw fail;
      return { cameraId } as Grant;
    },
    open: async ({ cameraId }) => {
      if (hold) await new Promise<void>((go) => held.push(go));
      const view = {
        cameraId,
        ended: undefined as string | undefined,
        close: async () => {
          log.push(`close ${cameraId}`);
        },
      };
      opened.push(view);
      return view;
    },
  });
  return {
    all,
    log,
    opened,
    holds: () => {
      hold = true;
    },
    lets: () => {
      for (const go of held) go();
    },
    fails: (error: CodedError | undefined) => {
      fail = error;
    },
  };
}

test('one session a camera, got for the case number', async () => {
  const { all, log } = views();
  const [a, b] = await Promise.all([all.session('gate'), all.session('gate')]);
  expect(a).toBe(b);
  expect(log).toEqual(['grant gate for 20261123-0001']);
});

test('leaving the case ends every session', async () => {
  const { all, log } = views();
  await all.session('gate');
  await all.session('lane');
  all.close();
  await settled();
  expect(log.slice(2)).toEqual(['close gate', 'close lane']);
  await expect(all.session('gate')).rejects.toMatchObject({ code: 'SESSION_INVALID' });
});

test('a session that arrives after the case was left is ended at once', async () => {
  const { all, log, holds, lets } = views();
  holds();
  const coming = all.session('gate');
  await settled();
  all.close();
  lets();
  await expect(coming).rejects.toMatchObject({ code: 'SESSION_INVALID' });
  expect(log).toEqual(['grant gate for 20261123-0001', 'close gate']);
});

test('a session that the node ended is replaced by a new one', async () => {
  const { all, opened, log } = views();
  await all.session('gate');
  opened[0]!.ended = 'SESSION_INVALID';
  const again = await all.session('gate');
  expect(again).toBe(opened[1]);
  expect(log).toHaveLength(2);
});

test('a refusal is told, and not kept', async () => {
  const { all, fails } = views();
  fails(new CodedError('CAMERA_OFFLINE'));
  await expect(all.session('gate')).rejects.toMatchObject({ code: 'CAMERA_OFFLINE' });
  fails(undefined);
  await expect(all.session('gate')).resolves.toMatchObject({ cameraId: 'gate' });
});
