/**
 * The one error table: code → HTTP status → what to do → whether trying again helps.
 * Inner errors are logged, never shown.
 */
export interface ErrorEntry {
  /** HTTP status where the error leaves over HTTP. */
  status: number;
  /** What a person reads, Chinese first. */
  zh: string;
  en: string;
  /** Whether the same request may succeed later without being changed. */
  retry: boolean;
}

export const ERRORS = {
  BAD_PAYLOAD: { status: 400, zh: '内容不符合格式', en: 'the payload does not match its schema', retry: false },
  BAD_JSON: { status: 400, zh: '不是有效的 JSON', en: 'not valid JSON', retry: false },
  TOO_LARGE: { status: 413, zh: '内容过大', en: 'the payload is larger than allowed', retry: false },
  UNKNOWN_TOPIC: { status: 400, zh: '没有这个主题', en: 'nobody listens on this topic', retry: false },
  NOT_YOUR_TOPIC: { status: 403, zh: '不能使用别人的主题', en: 'this topic belongs to somebody else', retry: false },
  BAD_CREDENTIALS: { status: 401, zh: '账号或密码不对', en: 'wrong name or password', retry: false },
  ACTIVATION_INVALID: { status: 401, zh: '开通码不对，或者已经过期', en: 'the activation code is wrong, used, or too old', retry: false },
  NOT_LOGGED_IN: { status: 401, zh: '请先登录', en: 'log in first', retry: false },
  TOO_MANY: { status: 429, zh: '尝试次数过多，请稍后再试', en: 'too many attempts; wait a little', retry: true },
  NOT_ALLOWED: { status: 403, zh: '没有这个权限', en: 'not allowed', retry: false },
  BOX_UNKNOWN: { status: 403, zh: '机顶盒未登记，请直接打电话', en: 'this box is not enrolled', retry: false },
  BOX_REVOKED: { status: 403, zh: '机顶盒已停用，请直接打电话', en: 'this box is revoked', retry: false },
  CERT_EXPIRED: { status: 403, zh: '证书已过期，只能报警和续期', en: 'the certificate has expired: alarms and renewal only', retry: false },
  CERT_INVALID: { status: 403, zh: '证书无效', en: 'the certificate is not valid', retry: false },
  CSR_INVALID: { status: 400, zh: '证书申请无效', en: 'the certificate request is not valid', retry: false },
  CA_LOCKED: { status: 503, zh: '证书签发密钥未解锁', en: 'the key that signs certificates is locked', retry: true },
  SIGNATURE_INVALID: { status: 403, zh: '签名无效', en: 'the signature is not valid', retry: false },
  RATE_EXCEEDED: { status: 429, zh: '发送过快', en: 'more messages than allowed in this time', retry: true },
  ID_CONFLICT: { status: 409, zh: '同一编号的内容不同', en: 'the same id came with other content', retry: false },
  ALARM_UNKNOWN: { status: 404, zh: '没有这个报警', en: 'no such alarm of this box', retry: false },
  CASE_UNKNOWN: { status: 404, zh: '没有这个案件', en: 'no such case', retry: false },
  CASE_STATE: { status: 409, zh: '案件现在不能这样处理', en: 'the case is not in a state for this', retry: false },
  ORDER_UNKNOWN: { status: 404, zh: '没有这张工单', en: 'no such work order', retry: false },
  NOTICE_UNKNOWN: { status: 404, zh: '没有这条通知', en: 'no such notice', retry: false },
  NOTICES_FULL: {
    status: 409,
    zh: '现在生效的通知已满，请先撤回一条',
    en: 'as many notices stand as may; withdraw one first',
    retry: false,
  },
  CAMERA_UNKNOWN: { status: 404, zh: '没有这个摄像头', en: 'no such camera', retry: false },
  CAMERA_NOT_GRANTED: { status: 403, zh: '没有授权观看这个摄像头', en: 'this camera is not granted to you', retry: false },
  CAMERA_OFFLINE: { status: 503, zh: '摄像头暂时连不上', en: 'the camera does not answer', retry: true },
  CLIP_UNKNOWN: { status: 404, zh: '没有这段录像', en: 'no such clip', retry: false },
  CLIP_NOT_READY: { status: 409, zh: '录像还没有准备好', en: 'the clip is not ready yet', retry: true },
  NO_FOOTAGE: { status: 404, zh: '这段时间没有录到画面', en: 'nothing was recorded in this time', retry: false },
  RECORDER_BUSY: { status: 503, zh: '同时录制或导出的片段过多', en: 'too many clips are recorded or exported at once', retry: true },
  DISK_FULL: { status: 507, zh: '录像存储已满', en: 'the disk for clips is full', retry: true },
  GRANT_INVALID: { status: 401, zh: '观看授权无效', en: 'the grant is not valid', retry: false },
  GRANT_EXPIRED: { status: 401, zh: '观看授权已过期', en: 'the grant has expired', retry: false },
  GRANT_USED: { status: 401, zh: '观看授权已经用过', en: 'the grant was used before', retry: false },
  GRANT_REVOKED: { status: 401, zh: '观看授权已收回', en: 'the grant was revoked', retry: false },
  SESSION_MISSING: { status: 401, zh: '没有出示观看会话', en: 'no viewer session was shown', retry: false },
  SESSION_INVALID: { status: 401, zh: '观看会话无效或已结束', en: 'the viewer session is not valid or has ended', retry: false },
  SESSION_EXPIRED: { status: 401, zh: '观看会话已过期', en: 'the viewer session was not renewed in time', retry: false },
  CODEC_UNSUPPORTED: { status: 415, zh: '这种视频格式不能这样播放', en: 'this codec cannot be played this way', retry: false },
  WHEP_REFUSED: { status: 503, zh: '实时通道不可用，请改用 HLS', en: 'there is no WebRTC here now; use HLS', retry: true },
  WEBRTC_FULL: { status: 503, zh: '实时通道已满，请改用 HLS', en: 'the WebRTC budget is spent; use HLS', retry: true },
  CAMERA_FULL: { status: 503, zh: '这个摄像头观看的人已满', en: 'this camera has as many viewers as it may', retry: true },
  VIEWER_FULL: { status: 429, zh: '同时打开的画面过多', en: 'this viewer watches as many cameras as it may', retry: true },
  NODE_FULL: { status: 503, zh: '观看的人已满，请稍后再试', en: 'this node has as many viewers as it may', retry: true },
  OFFER_UNUSABLE: { status: 422, zh: '不能按这个请求播放', en: 'well formed, but nothing here can answer it', retry: false },
  MEDIA_TYPE: { status: 415, zh: '内容类型不对', en: 'not the media type that is taken here', retry: false },
  NOT_ACCEPTABLE: { status: 406, zh: '不能给出要求的内容类型', en: 'none of the media types asked for can be given', retry: false },
  METHOD_NOT_ALLOWED: { status: 405, zh: '不支持这种请求方法', en: 'this address takes other methods', retry: false },
  PRECONDITION_REQUIRED: { status: 428, zh: '缺少 If-Match', en: 'If-Match is missing', retry: false },
  PRECONDITION_FAILED: { status: 412, zh: '状态已经改变', en: 'If-Match names an earlier state', retry: false },
  TRANSCODE_BUDGET: { status: 503, zh: '转码名额已满，请稍后再试', en: 'no processor time is left for another transcode', retry: true },
  NOT_REPLAYABLE: { status: 409, zh: '这条记录不能重放', en: 'this dead letter cannot be replayed', retry: false },
  NOT_FOUND: { status: 404, zh: '没有这个地址', en: 'not found', retry: false },
  STORE_UNAVAILABLE: { status: 503, zh: '中心暂时不能记录，请稍后再试', en: 'the store cannot commit now', retry: true },
  TIMEOUT: { status: 504, zh: '等待超时', en: 'no answer in time', retry: true },
  OFFLINE: { status: 503, zh: '还没有连上中心', en: 'not connected to the centre', retry: true },
  OUTBOX_FULL: { status: 507, zh: '机顶盒存储已满', en: 'the outbox is full', retry: true },
  CONFIG_INVALID: { status: 500, zh: '配置有误', en: 'the configuration is not valid', retry: false },
  PORT_BUSY: { status: 500, zh: '端口被占用', en: 'the port is in use', retry: false },
  INTERNAL: { status: 500, zh: '内部错误', en: 'internal error', retry: true },
} as const satisfies Record<string, ErrorEntry>;

export type ErrorCode = keyof typeof ERRORS;

/** An error with a code of the table. `detail` is safe to show; `cause` is for the log only. */
export class CodedError extends Error {
  readonly code: ErrorCode;
  readonly detail: string | undefined;
  constructor(code: ErrorCode, detail?: string, options?: { cause?: unknown }) {
    super(detail ? `${code}: ${detail}` : code, options as ErrorOptions);
    this.name = 'CodedError';
    this.code = code;
    this.detail = detail;
  }
  get status(): number {
    return ERRORS[this.code].status;
  }
  /** The body of an HTTP error answer, and the shape of errors on the TV link. */
  toBody(): ErrorBody {
    return { code: this.code, message: ERRORS[this.code].zh, detail: this.detail, retry: ERRORS[this.code].retry };
  }
}

export interface ErrorBody {
  code: ErrorCode;
  message: string;
  detail?: string | undefined;
  retry: boolean;
}

/** Turns whatever was thrown into a coded error; what is not coded becomes INTERNAL with its cause kept for the log. */
export function asCoded(error: unknown): CodedError {
  return error instanceof CodedError ? error : new CodedError('INTERNAL', undefined, { cause: error });
}
