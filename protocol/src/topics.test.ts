import { describe, expect, it } from 'vitest';
import { areaContains } from './ids.ts';
import { parseTopic, topicMatches, topics } from './topics.ts';

describe('topics', () => {
  it('round-trip between builder and parser', () => {
    expect(parseTopic(topics.boxUp('box-0001', 'alarm'))).toEqual({ to: 'box-up', boxId: 'box-0001', kind: 'alarm' });
    expect(parseTopic(topics.boxStatus('b'))).toEqual({ to: 'box-status', boxId: 'b' });
    expect(parseTopic(topics.caseCommand('20261123-0007'))).toEqual({ to: 'case-command', caseNo: '20261123-0007' });
    expect(parseTopic(topics.mediaUp('media-01', 'view'))).toEqual({ to: 'media-up', node: 'media-01', kind: 'view' });
  });

  it.each([
    'sw/v1/box/b/up/nothing',
    'sw/v1/box/b/down/received',
    'sw/v2/box/b/up/alarm',
    'sw/v1/box//up/alarm',
    'sw/v1/box/b/up/alarm/x',
    '',
    '$SYS/x',
  ])('nobody at the centre listens on %j', (topic) => {
    expect(parseTopic(topic)).toBeUndefined();
  });

  it('a case event names county, township and village, and a dash below the area', () => {
    expect(topics.caseEvent('522328101201', 'opened')).toBe('sw/v1/case/522328/101/201/opened');
    expect(topics.caseEvent('522328101201003', 'opened')).toBe('sw/v1/case/522328/101/201/opened');
    expect(topics.caseEvent('522328101', 'signed')).toBe('sw/v1/case/522328/101/-/signed');
    expect(topics.caseEvent('522328', 'signed')).toBe('sw/v1/case/522328/-/-/signed');
  });

  it.each([
    ['sw/v1/case/+/+/+/+', 'sw/v1/case/522328/101/201/opened', true],
    ['sw/v1/case/522328/#', 'sw/v1/case/522328/101/201/opened', true],
    ['sw/v1/case/+/command', 'sw/v1/case/522328/101/201/opened', false],
    ['sw/#', 'sw', true],
    ['+', 'a/b', false],
    ['#', '$SYS/uptime', false],
    ['a/b', 'a/b', true],
    ['a/b/c', 'a/b', false],
  ])('filter %s against %s: %s', (filter, topic, expected) => {
    expect(topicMatches(filter, topic)).toBe(expected);
  });
});

describe('areas', () => {
  it('contain what begins with their code', () => {
    expect(areaContains('522328101', '522328101201')).toBe(true);
    expect(areaContains('522328101201', '522328101201')).toBe(true);
    expect(areaContains('522328101201', '522328101')).toBe(false);
  });
});
