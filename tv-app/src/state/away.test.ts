import { expect, it } from 'vitest';
import { camera, PHONE, stateWith } from '../testing/states.ts';
import { type AwaySource, awayView } from './away.ts';

const source = (state: AwaySource['state'], change: Partial<AwaySource> = {}): AwaySource => ({
  state,
  phone: PHONE,
  online: true,
  cameras: [camera('gate')],
  listFailed: false,
  plays: true,
  ...change,
});
const down = { connected: false, staffed: undefined } as const;
const NO_FLASH = { stored: false, survivesPowerLoss: false, keyOutsidePage: false };

it.each<[string, AwaySource, string | undefined]>([
  ['normal', source(stateWith()), undefined],
  ['nothing known yet', source(undefined), undefined],
  ['not enrolled', source(stateWith({}, { ...down, refused: true })), 'not-enrolled'],
  ['no network', source(stateWith({}, down), { online: false }), 'no-network'],
  ['centre down', source(stateWith({}, down)), 'centre-down'],
  ['centre down, and nothing is kept here', source(stateWith({ claims: NO_FLASH }, down)), 'centre-down-unstored'],
  ['nobody there', source(stateWith({}, { staffed: false })), 'unstaffed'],
  ['flash broken', source(stateWith({ flashBroken: true })), 'flash'],
  ['clock wrong', source(stateWith({ clockUnsure: true })), 'clock'],
  ['no cameras', source(stateWith(), { cameras: [] }), 'no-cameras'],
  ['no list', source(stateWith(), { cameras: undefined, listFailed: true }), 'no-list'],
  ['cannot play', source(stateWith(), { plays: false }), 'no-mse'],
])('%s', (_name, from, kind) => {
  const view = awayView(from);
  expect(view?.kind).toBe(kind);
  if (view) expect(view.works).toMatch(/报警|打电话|照片/);
});

it('the gravest is said: a box that is not enrolled is not merely cut off, and then the number is there', () => {
  expect(awayView(source(stateWith({ clockUnsure: true, flashBroken: true }, { ...down, refused: true })))?.works).toContain(PHONE);
});
