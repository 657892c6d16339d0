/** A night's board: one case of each kind. Times are relative to the start. */
import type { FakeCases } from './fake-cases.ts';

const MINUTE = 60_000;
const home = (name: string, address: string, phone: string, village: string) => ({ name, address, phone, village });
const POST = { post: '综治中心值班员' };

export function seed(cases: FakeCases, now: number): void {
  const closed = cases.open(home('张永福', '兴隆村1组6号', '13900000009', '兴隆村'), { receivedAt: now - 190 * MINUTE, about: 'medical' });
  cases.happen(closed, 'signed', 'console', { at: now - 189 * MINUTE, ...POST }, { state: 'signed', signedAt: now - 189 * MINUTE });
  cases.happen(closed, 'handling', 'console', { at: now - 187 * MINUTE, ...POST }, { state: 'handling', handlingAt: now - 187 * MINUTE });
  const done = { closedAt: now - 150 * MINUTE, result: '卫生院医生到家处理，老人血压平稳', rating: 'satisfied' as const };
  cases.happen(
    closed,
    'closed',
    'console',
    { at: done.closedAt, text: done.result, ...POST },
    { state: 'closed', ...done, due: undefined },
  );

  const reopened = cases.open(home('陈桂芳', '双河村5组2号', '13900000004', '双河村'), {
    receivedAt: now - 300 * MINUTE,
    about: 'fight',
    presses: 2,
  });
  cases.happen(reopened, 'signed', 'console', { at: now - 299 * MINUTE, ...POST }, { state: 'signed', signedAt: now - 299 * MINUTE });
  cases.happen(reopened, 'rated', 'box', { at: now - 12 * MINUTE, rating: 'unsolved' });
  cases.happen(
    reopened,
    'reopened',
    'box',
    { at: now - 12 * MINUTE },
    {
      state: 'handling',
      handlingAt: now - 297 * MINUTE,
      reopened: 1,
      alertedAt: now - 12 * MINUTE,
      rating: 'unsolved',
      due: { step: 'close', at: now + 1428 * MINUTE },
    },
  );

  const extension = cases.open(home('刘大勇', '平安村7组31号', '13900000006', '平安村'), {
    receivedAt: now - 1400 * MINUTE,
    about: 'theft',
  });
  cases.happen(
    extension,
    'signed',
    'integrator:110',
    { at: now - 1399 * MINUTE, post: '110 接警员' },
    { state: 'signed', signedAt: now - 1399 * MINUTE },
  );
  cases.happen(
    extension,
    'handling',
    'console',
    { at: now - 1396 * MINUTE, ...POST },
    { state: 'handling', handlingAt: now - 1396 * MINUTE },
  );
  cases.happen(extension, 'noted', 'console', {
    at: now - 1100 * MINUTE,
    text: '已调取村口小巷画面，派出所正在辨认车辆。\n失主要求书面回复。',
    ...POST,
  });
  const ask = { askedAt: now - 20 * MINUTE, reason: '需要派出所配合，当事人外出', until: now + 2000 * MINUTE };
  cases.happen(
    extension,
    'extension-asked',
    'console',
    { at: ask.askedAt, text: ask.reason, until: ask.until, ...POST },
    { extension: ask, due: { step: 'close', at: now + 40 * MINUTE } },
  );

  const late = cases.open(home('欧阳建国', '高坡苗族乡新寨村民小组12号附3号', '08595550123', '新寨村'), {
    receivedAt: now - 8 * MINUTE,
    pressedAt: now - 19 * MINUTE,
    about: 'other',
  });
  cases.happen(
    late,
    'signed',
    'console',
    { at: now - 7.5 * MINUTE, ...POST },
    { state: 'signed', signedAt: now - 7.5 * MINUTE, ...POST, due: { step: 'handle', at: now - 3 * MINUTE } },
  );

  const again = cases.open(home('吴德明', '双河村1组9号', '13900000005', '双河村'), { receivedAt: now - 6 * MINUTE, about: 'medical' });
  cases.happen(again, 'signed', 'console', { at: now - 5.5 * MINUTE, ...POST }, { state: 'signed', signedAt: now - 5.5 * MINUTE, ...POST });
  cases.happen(
    again,
    'strengthened',
    'box',
    { at: now - 20_000 },
    { presses: 2, alertedAt: now - 20_000, due: { step: 'handle', at: now - MINUTE } },
  );

  const withdrawn = cases.open(home('杨秀兰', '双河村2组8号', '13900000007', '双河村'), { receivedAt: now - 4 * MINUTE });
  cases.happen(withdrawn, 'withdrawn', 'box', { at: now - 4 * MINUTE + 6000 }, { withdrawnAt: now - 4 * MINUTE + 6000 });

  const escalated = cases.open(home('李国华', '平安村6组4号', '13900000002', '平安村'), {
    receivedAt: now - 65_000,
    presses: 3,
    about: 'fire',
    onScreen: { cameraId: 'river-road', pictureAt: now - 66_000 },
  });
  cases.happen(escalated, 'escalated', 'clock', { at: now - 35_000, text: '超时未签收' }, { escalatedAt: now - 35_000 });

  const silent = cases.open(home('赵小梅', '平安村5组3号', '13900000008', '平安村'), {
    receivedAt: now - 50_000,
    quietUntil: now - 50_000,
    gesture: 'silent',
    silent: true,
    presses: 2,
  });
  cases.happen(silent, 'signed', 'console', { at: now - 30_000, ...POST }, { state: 'signed', signedAt: now - 30_000, ...POST });
  cases.happen(silent, 'strengthened', 'box', { at: now - 5000 }, { alertedAt: now - 5000, due: { step: 'handle', at: now + 250_000 } });

  // Booted without the time: its clock began in 1970.
  cases.open(home('周长根', '兴隆村4组1号', '13900000010', '兴隆村'), {
    receivedAt: now - 40_000,
    pressedAt: 95_000,
    clockSkewMs: 95_400 - (now - 40_000),
  });

  cases.open(home('王秀英', '平安村3组12号', '13900000001', '平安村'), {
    receivedAt: now - 2000,
    onScreen: { cameraId: 'gate', pictureAt: now - 3100 },
  });
}
