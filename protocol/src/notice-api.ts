/** The township's notices over HTTP. Everybody who is logged in may read them; operators send and withdraw. */

export const noticePaths = {
  /** GET → `NoticeBoard`. POST `NoticeWanted` → `NoticeView`: BAD_PAYLOAD, ID_CONFLICT, NOTICES_FULL. */
  notices: '/api/v1/notices',
  /** POST → `NoticeView`: NOTICE_UNKNOWN. One that is over, or withdrawn already, stays as it is. */
  withdrawNotice: (id: string) => `/api/v1/notices/${id}/withdraw`,
} as const;

export interface NoticeView {
  id: string;
  area: string;
  areaName: string;
  /** As the TV says it. */
  from: string;
  title: string;
  text: string;
  /** ms */
  at: number;
  /** Until when it stands, if nobody withdraws it. ms */
  until: number;
  state: 'standing' | 'withdrawn' | 'over';
  /** Who sent it: the person's name. */
  by: string;
  withdrawnAt?: number | undefined;
  withdrawnBy?: string | undefined;
}

/** An area for which a notice can be sent, and how many boxes are enrolled there. */
export interface NoticeArea {
  area: string;
  /** Its own name, or its code where it has none. */
  name: string;
  boxes: number;
}

export interface NoticeBoard {
  /** Those that stand, then those of the past, each the newest first. */
  notices: NoticeView[];
  /** Outer ones before those inside them. */
  areas: NoticeArea[];
  /** Who says what is sent now. */
  from: string;
  /** Of the configuration: characters, notices that stand for one household, days. */
  limits: { title: number; text: number; standing: number; days: number };
}
