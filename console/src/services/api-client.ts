import {
  type ActivationIssued,
  type ActivationSeen,
  adminPaths,
  apiPaths,
  type CaseClips,
  type CaseDetail,
  type CaseHold,
  type CaseView,
  type ClipRequest,
  CodedError,
  type ConsoleCommand,
  ERRORS,
  type ErrorBody,
  type ErrorCode,
  evidencePaths,
  type FleetBox,
  type FleetOverview,
  type FleetPage,
  fleetPaths,
  type Grant,
  type GrantRequest,
  type HoldRequest,
  type Household,
  type HouseholdLookUp,
  type Login,
  type Me,
  type MediaFault,
  type NoticeBoard,
  type NoticeView,
  type NoticeWanted,
  noticePaths,
  type UnmaskedGrantRequest,
  type WorkOrder,
  type WorkOrderNote,
  type WorkOrderPage,
} from '@shouwang/protocol';

/**
 * The centre's HTTP API. Every method throws a `CodedError`: the code that the centre gave, OFFLINE when it could not be
 * reached, TIMEOUT when it did not answer in time. NOT_LOGGED_IN is also told to `onLoggedOut`.
 */
export interface ApiClient {
  me(): Promise<Me>;
  login(login: Login): Promise<Me>;
  logout(): Promise<void>;
  cases(): Promise<{ cases: CaseView[]; seq: number }>;
  caseDetail(caseNo: string): Promise<CaseDetail>;
  command(caseNo: string, command: ConsoleCommand): Promise<CaseView>;
  grant(request: GrantRequest): Promise<Grant>;
  /** The clips of a case, and the holds on it. */
  caseClips(caseNo: string): Promise<CaseClips>;
  /** A grant for a live camera without its masks; on the record, a refusal too. */
  unmask(request: UnmaskedGrantRequest): Promise<Grant>;
  /** A grant for one clip; the look-up is on the record. */
  openClip(caseNo: string, clipId: string, request: ClipRequest): Promise<Grant>;
  placeHold(caseNo: string, hold: HoldRequest): Promise<CaseHold>;
  endHold(caseNo: string, holdId: string): Promise<CaseHold>;
  /** What is wrong with cameras and media nodes. */
  mediaFaults(): Promise<{ faults: MediaFault[] }>;
  /** Answers a sign of life of the live feed. */
  answerFeed(feed: string): Promise<void>;
  fleet(): Promise<FleetOverview>;
  /** Boxes that are not well, by id, after `after`; in the village, or everywhere. */
  boxesNotWell(village: string, after?: string): Promise<FleetPage>;
  /** Open work orders by number, after `after`. */
  workOrders(village: string, after?: number): Promise<WorkOrderPage>;
  noteOrder(id: number, note: WorkOrderNote): Promise<WorkOrder>;
  confirmAddress(boxId: string): Promise<FleetBox>;
  lookUpHousehold(boxId: string, why: HouseholdLookUp): Promise<Household>;
  /** A code for the engineer in front of a box without a daemon; an earlier one is void. Administrators only. */
  issueActivation(boxId: string): Promise<ActivationIssued>;
  /** What has become of it. */
  activation(boxId: string): Promise<ActivationSeen>;
  /** The township's notices, and for whom one can be sent. */
  notices(): Promise<NoticeBoard>;
  sendNotice(notice: NoticeWanted): Promise<NoticeView>;
  withdrawNotice(id: string): Promise<NoticeView>;
}

export interface ApiOptions {
  fetch: typeof fetch;
  /** The session has ended: go to the log-in page. */
  onLoggedOut: () => void;
  timeoutMs?: number;
}

export function createApiClient({ fetch, onLoggedOut, timeoutMs = 10_000 }: ApiOptions): ApiClient {
  async function call<T>(method: 'GET' | 'POST', path: string, body?: unknown): Promise<T> {
    let response: Response;
    try {
      response = await fetch(path, {
        method,
        credentials: 'same-origin',
        cache: 'no-store',
        headers: body === undefined ? {} : { 'content-type': 'application/json' },
        body: body === undefined ? undefined : JSON.stringify(body),
        signal: AbortSignal.timeout(timeoutMs),
      });
    } catch (cause) {
      throw new CodedError((cause as Error)?.name === 'TimeoutError' ? 'TIMEOUT' : 'OFFLINE', undefined, { cause });
    }
    if (response.ok) return (response.status === 204 ? undefined : await response.json().catch(() => undefined)) as T;
    const error = await errorOf(response);
    if (error.code === 'NOT_LOGGED_IN') onLoggedOut();
    throw error;
  }

  return {
    me: () => call('GET', apiPaths.me),
    login: (login) => call('POST', apiPaths.login, login),
    logout: () => call('POST', apiPaths.logout, {}),
    cases: () => call('GET', apiPaths.cases),
    caseDetail: (caseNo) => call('GET', apiPaths.case(caseNo)),
    command: (caseNo, command) => call('POST', apiPaths.commands(caseNo), command),
    grant: (request) => call('POST', apiPaths.grants, request),
    caseClips: (caseNo) => call('GET', evidencePaths.clips(caseNo)),
    unmask: (request) => call('POST', apiPaths.unmaskedGrants, request),
    openClip: (caseNo, clipId, request) => call('POST', evidencePaths.openClip(caseNo, clipId), request),
    placeHold: (caseNo, hold) => call('POST', evidencePaths.holds(caseNo), hold),
    endHold: (caseNo, holdId) => call('POST', evidencePaths.endHold(caseNo, holdId), {}),
    mediaFaults: () => call('GET', evidencePaths.mediaFaults),
    answerFeed: (feed) => call('POST', apiPaths.liveAnswer, { feed }),
    fleet: () => call('GET', fleetPaths.fleet),
    boxesNotWell: (village, after) =>
      call('GET', `${fleetPaths.fleetBoxes}?${new URLSearchParams({ state: 'not-well', area: village, after: after ?? '' })}`),
    workOrders: (village, after) =>
      call('GET', `${fleetPaths.workOrders}?${new URLSearchParams({ state: 'open', area: village, after: String(after ?? '') })}`),
    noteOrder: (id, note) => call('POST', fleetPaths.workOrderNotes(id), note),
    notices: () => call('GET', noticePaths.notices),
    sendNotice: (notice) => call('POST', noticePaths.notices, notice),
    withdrawNotice: (id) => call('POST', noticePaths.withdrawNotice(id), {}),
    lookUpHousehold: (boxId, why) => call('POST', fleetPaths.household(encodeURIComponent(boxId)), why),
    issueActivation: (boxId) => call('POST', adminPaths.activation(encodeURIComponent(boxId)), {}),
    activation: (boxId) => call('GET', adminPaths.activation(encodeURIComponent(boxId))),
    confirmAddress: (boxId) => call('POST', fleetPaths.confirmAddress(boxId), {}),
  };
}

/** The coded error of a refusal. A body that is not ours (a proxy's page) becomes the code nearest to its status. */
async function errorOf(response: Response): Promise<CodedError> {
  const body = (await response.json().catch(() => undefined)) as Partial<ErrorBody> | undefined;
  if (body?.code && body.code in ERRORS) return new CodedError(body.code as ErrorCode, body.detail);
  if (response.status === 401) return new CodedError('NOT_LOGGED_IN');
  return new CodedError(response.status >= 502 && response.status <= 504 ? 'OFFLINE' : 'INTERNAL', `HTTP ${response.status}`);
}

/** Nobody can tell whether what was sent was done: no answer came, or none that says so. */
export function mayHaveArrived(error: unknown): boolean {
  return !(error instanceof CodedError) || error.code === 'TIMEOUT' || error.code === 'OFFLINE' || error.code === 'INTERNAL';
}

/** What an operator reads: the table's words, whether trying again helps, and the code to tell on the telephone. */
export function errorText(error: unknown): string {
  const code = error instanceof CodedError ? error.code : 'INTERNAL';
  const { zh, retry } = ERRORS[code];
  return `${zh}${retry && !zh.includes('再试') ? '，请再试一次' : ''}（${code}）`;
}
