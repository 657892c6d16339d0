import { apiPaths, topics } from '@shouwang/protocol';
import { describe, expect, it } from 'vitest';
import { aCentre } from '../testing/centre.ts';
import { aFolder } from '../testing/folder.ts';
import { ManualClock } from '../testing/manual-clock.ts';
import { anAlarm } from '../testing/messages.ts';
import { until } from '../testing/until.ts';
import { Staffing } from './staffing.ts';

const alarmTopic = topics.boxUp('box-0001', 'alarm');

describe('the live feed', () => {
  it('tells each case event with the case as the board shows it', async () => {
    const centre = await aCentre();
    const [operator, box] = await Promise.all([centre.operator(), centre.box()]);
    const { seq } = await operator.json('GET', apiPaths.cases);
    await operator.listens(seq);
    const alarm = anAlarm('box-0001');
    await box.publishes(alarmTopic, alarm);
    const live = await operator.hears('opened');
    expect(live.event.data).toMatchObject({ alarmId: alarm.id, seq: operator.heard[0]!.id });
    expect(live.view).toMatchObject({ alarmId: alarm.id, household: { name: '王秀英' }, due: { step: 'sign' } });
  });

  it('after a break it goes on behind the last number: no gap, nothing twice, whatever happens meanwhile', async () => {
    const centre = await aCentre({ config: { mqtt: { boxAlarmBurst: 600 } } });
    const [operator, box] = await Promise.all([centre.operator(), centre.box()]);
    await operator.listens(0);
    const alarms = Array.from({ length: 600 }, () => anAlarm('box-0001'));
    for (let round = 0; round < 6; round++) {
      const sending = Promise.all(alarms.slice(round * 100, round * 100 + 100).map((a) => box.publishes(alarmTopic, a)));
      await operator.stopsListening();
      await operator.listens(operator.heard.at(-1)?.id ?? 0);
      await sending;
    }
    const opened = () => operator.heard.filter((h) => h.live.event.data.event === 'opened').map((h) => h.live.event.data.alarmId);
    await until('all are heard', () => opened().length >= 600);
    expect(new Set(opened())).toEqual(new Set(alarms.map((a) => a.id)));
    const ids = operator.heard.map((h) => h.id);
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids).toEqual([...ids].sort((a, b) => a - b));
  });

  it('goes on behind the last number after a restart of the centre, still logged in', async () => {
    const folder = aFolder();
    const first = await aCentre({ folder });
    const [operator, box] = await Promise.all([first.operator(), first.box()]);
    await operator.listens(0);
    await box.publishes(alarmTopic, anAlarm('box-0001'));
    await operator.hears('opened');
    const last = operator.heard.at(-1)!.id;
    await operator.stopsListening();
    await box.publishes(alarmTopic, anAlarm('box-0001'));
    await first.close();

    const second = await aCentre({ folder });
    const again = await second.operator();
    again.cookie = operator.cookie;
    await again.listens(last);
    await again.hears('opened');
    expect(again.heard.filter((h) => h.live.event.data.event === 'opened')).toHaveLength(1);
    expect(again.heard.every((h) => h.id > last)).toBe(true);
  });

  it('gives a sign of life that a browser can see', async () => {
    const clock = new ManualClock();
    const centre = await aCentre({ clock });
    const operator = await centre.operator();
    const answer = await fetch(centre.addresses.httpUrl + apiPaths.live, { headers: { cookie: operator.cookie } });
    expect(answer.headers.get('content-type')).toBe('text/event-stream; charset=utf-8');
    const reader = answer.body!.getReader();
    let text = '';
    const read = async () => {
      text += new TextDecoder().decode((await reader.read()).value);
    };
    while (!text.includes('event: centre')) await read();
    text = '';
    clock.passes(4000);
    while (!text.includes('event: centre')) await read();
    await reader.cancel();
  });

  it('needs a log-in', async () => {
    const centre = await aCentre();
    expect((await fetch(centre.addresses.httpUrl + apiPaths.live)).status).toBe(401);
  });
});

describe('whether somebody is there', () => {
  it('boxes are told when the first operator comes and when the last one has gone', async () => {
    const centre = await aCentre({ config: { centre: { leaveGraceS: 0 } } });
    const [one, two, box] = await Promise.all([centre.operator(), centre.operator(), centre.box()]);
    await one.listens();
    await box.hears('/down/notice', (e) => e.data.staffed === true);
    await two.listens();
    await one.stopsListening();
    await until('one is left', () => two.centre.at(-1)?.operators === 1);
    expect(box.heard.filter((h) => h.topic.endsWith('/notice'))).toHaveLength(1);
    await two.stopsListening();
    await box.hears('/down/notice', (e) => e.data.staffed === false);
  });

  it('an auditor who listens is not somebody who can sign', async () => {
    const centre = await aCentre();
    const auditor = await centre.operator('shenji');
    await auditor.listens();
    expect(auditor.centre.at(-1)?.operators).toBe(0);
    const box = await centre.box();
    await box.publishes(alarmTopic, anAlarm('box-0001'));
    await auditor.hears('escalated');
  });

  it('a page that reloads has not left', () => {
    const clock = new ManualClock();
    const changes: boolean[] = [];
    const staffing = new Staffing(clock, 2000, (staffed) => changes.push(staffed));
    staffing.arrived();
    staffing.left();
    clock.passes(1999);
    staffing.arrived();
    clock.passes(10_000);
    expect(changes).toEqual([true]);
    staffing.left();
    clock.passes(2000);
    expect(changes).toEqual([true, false]);
    expect(staffing.staffed).toBe(false);
  });
});
