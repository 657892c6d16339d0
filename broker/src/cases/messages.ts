/** What a case says to the outside: its event for integrators and console, its progress for the TV. Pure. */
import type { CaseAnnounced, CaseDetail, CaseView, ConsoleCamera, Household, Progress } from '@shouwang/protocol';
import type { Case, CaseEvent } from './case.ts';
import { dueOf, type Policy } from './due.ts';

/** Data of `CaseAnnounced` for the event that brought the case to `after`. */
export function announcedData(seq: number, after: Case, event: CaseEvent, by: string): CaseAnnounced['data'] {
  const onScreen = event.onScreen;
  return {
    seq,
    event: event.event,
    caseNo: after.caseNo,
    alarmId: after.alarmId,
    revision: after.revision,
    state: after.state,
    area: after.area,
    at: event.at,
    by,
    ...(event.event === 'opened' ? { pressedAt: after.pressedAt } : {}),
    ...(onScreen ? { cameraId: onScreen.cameraId, pictureAt: onScreen.pictureAt } : {}),
    ...(event.cameraId ? { cameraId: event.cameraId } : {}),
    ...(event.about ? { about: event.about } : {}),
    ...(event.post ? { post: event.post } : {}),
    ...(event.text ? { text: event.text } : {}),
    ...(event.until === undefined ? {} : { until: event.until }),
    ...(event.rating ? { rating: event.rating } : {}),
    ...(after.silent ? { silent: after.silent } : {}),
  };
}

/** Data of `Progress`: the whole truth about the alarm. Absent keys are dropped by JSON. */
export function progressData(c: Case): Progress['data'] {
  return {
    alarmId: c.alarmId,
    caseNo: c.caseNo,
    revision: c.revision,
    state: c.state,
    since: c.since,
    receivedAt: c.receivedAt,
    post: c.post,
    signedAt: c.signedAt,
    handlingAt: c.handlingAt,
    closedAt: c.closedAt,
    result: c.result,
    escalatedAt: c.escalatedAt,
    extendedUntil: c.extendedUntil,
    withdrawnAt: c.withdrawnAt,
    rating: c.rating,
    reopened: c.reopened,
  };
}

/** The case as the board shows it. */
export function caseView(c: Case, household: Household, areaName: string, policy: Policy): CaseView {
  const { boxId: _boxId, since: _since, reopenedAt: _reopenedAt, extendedUntil: _extendedUntil, ...shown } = c;
  return { ...shown, household, areaName, due: dueOf(c, policy) };
}

/** The case with its history and the cameras near it. */
export function caseDetail(view: CaseView, history: CaseDetail['history'], cameras: ConsoleCamera[]): CaseDetail {
  return { ...view, history, cameras };
}
