/** Cases for looking at the console without a centre: made up, in every state. Not in the build. */
import type { CaseEventName, CaseHistoryRow, CaseView, ConsoleCamera, ConsoleCommand, LiveCase } from '@shouwang/protocol';
import { CodedError } from '@shouwang/protocol';

const AREA = '522328101201';
const uuid = (n: number) => `0190a000-0000-7000-8000-${String(n).padStart(12, '0')}`;

export interface FakeCase {
  view: CaseView;
  history: CaseHistoryRow[];
}

export const CAMERAS: ConsoleCamera[] = [
  ['gate', '大门口', '平安村3组路口', 45],
  ['lane', '村口小巷', '平安村3组', 120],
  ['square', '村委会广场', '平安村村委会', 260],
  ['clinic', '卫生院门前', '平安镇卫生院', 540],
  ['school', '小学门口', '平安小学', 780],
  ['river-road', '河边东路', '河边东路中段', 1240],
].map(([id, name, place, distanceM]) => ({
  id: id as string,
  name: name as string,
  place: place as string,
  area: AREA,
  householdsOf: [AREA],
  online: id !== 'school',
  distanceM: distanceM as number,
}));

export class FakeCases {
  readonly all = new Map<string, FakeCase>();
  seq = 0;
  onLive: (live: LiveCase) => void = () => undefined;
  #n = 0;

  /** A new alarm; `view` overrides what is shown, without further events. */
  open(household: { name: string; address: string; phone: string; village: string }, view: Partial<CaseView> = {}): FakeCase {
    const n = ++this.#n;
    const now = Date.now();
    const receivedAt = view.receivedAt ?? now;
    const fake: FakeCase = {
      view: {
        caseNo: `20261123-${String(n).padStart(4, '0')}`,
        alarmId: uuid(n),
        revision: 0,
        state: 'received',
        area: AREA,
        areaName: household.village,
        household: { boxId: `box-${String(n).padStart(4, '0')}`, ...household, area: AREA },
        pressedAt: receivedAt - 400,
        receivedAt,
        gesture: 'hold',
        quietUntil: receivedAt + 5000,
        presses: 1,
        reopened: 0,
        due: { step: 'sign', at: receivedAt + 30_000 },
        ...view,
      },
      history: [],
    };
    this.all.set(fake.view.caseNo, fake);
    this.happen(fake, 'opened', 'box', { at: receivedAt });
    return fake;
  }

  happen(fake: FakeCase, event: CaseEventName, by: string, row: Partial<CaseHistoryRow> = {}, change: Partial<CaseView> = {}): void {
    const at = row.at ?? Date.now();
    const revision = fake.view.revision + 1;
    const seen = by === 'console' || by.startsWith('integrator:') ? { alertedAt: undefined } : {};
    fake.view = { ...fake.view, ...seen, ...change, revision };
    fake.history.push({ revision, event, by, ...row, at });
    this.seq += 1;
    this.onLive({
      event: {
        specversion: '1.0',
        id: uuid(1_000_000 + this.seq),
        type: 'cn.shouwang.case.event.v1',
        source: 'centre',
        time: new Date(at).toISOString(),
        datacontenttype: 'application/json',
        data: {
          seq: this.seq,
          event,
          caseNo: fake.view.caseNo,
          alarmId: fake.view.alarmId,
          revision,
          state: fake.view.state,
          area: AREA,
          at,
          by,
        },
      },
      view: fake.view,
    });
  }

  command(caseNo: string, command: ConsoleCommand): CaseView {
    const fake = this.all.get(caseNo);
    if (!fake) throw new CodedError('CASE_UNKNOWN');
    const { view } = fake;
    const now = Date.now();
    const needs = (...states: string[]) => {
      if (!states.includes(view.state)) throw new CodedError('CASE_STATE');
    };
    const by = { post: '综治中心值班员' };
    switch (command.command) {
      case 'sign':
        needs('received');
        this.happen(fake, 'signed', 'console', by, {
          state: 'signed',
          signedAt: now,
          post: by.post,
          due: { step: 'handle', at: view.receivedAt + 300_000 },
        });
        break;
      case 'handle':
        needs('signed');
        this.happen(fake, 'handling', 'console', by, {
          state: 'handling',
          handlingAt: now,
          due: { step: 'close', at: view.receivedAt + 86_400_000 },
        });
        break;
      case 'note':
        this.happen(fake, 'noted', 'console', { ...by, text: command.text });
        break;
      case 'ask-extension':
        needs('signed', 'handling');
        this.happen(
          fake,
          'extension-asked',
          'console',
          { ...by, text: command.reason, until: command.until },
          { extension: { askedAt: now, reason: command.reason, until: command.until } },
        );
        break;
      case 'grant-extension':
      case 'refuse-extension': {
        needs('signed', 'handling');
        if (!view.extension || view.extension.decided) throw new CodedError('CASE_STATE');
        const granted = command.command === 'grant-extension';
        this.happen(
          fake,
          granted ? 'extension-granted' : 'extension-refused',
          'console',
          { ...by, ...(granted ? { until: view.extension.until } : { text: (command as { reason: string }).reason }) },
          {
            extension: { ...view.extension, decided: granted ? 'granted' : 'refused' },
            ...(granted ? { due: { step: 'close', at: view.extension.until } } : {}),
          },
        );
        break;
      }
      case 'close':
        needs('signed', 'handling');
        this.happen(
          fake,
          'closed',
          'console',
          { ...by, text: command.result },
          { state: 'closed', closedAt: now, result: command.result, due: undefined },
        );
    }
    return fake.view;
  }
}
