/** What the centre says to this box: checked against its schema, handed on by kind. Anything else is logged and dropped. */
import {
  asCoded,
  type Cameras,
  type CentreNotice,
  type CertificateIssued,
  type ConfigSent,
  DOWN_KINDS,
  type DownKind,
  type Grants,
  type NoticesTold,
  type Progress,
  type Received,
  type Rejected,
  topics,
} from '@shouwang/protocol';
import { parseAs, type SchemaName } from '@shouwang/protocol/validators';
import type { Logger } from 'pino';

export interface InboxHandlers {
  received(message: Received): void;
  rejected(message: Rejected): void;
  progress(message: Progress): void;
  cameras(message: Cameras): void;
  grant(message: Grants): void;
  notice(message: CentreNotice): void;
  notices(message: NoticesTold): void;
  config(message: ConfigSent): void;
  certificate(message: CertificateIssued): void;
}

const SCHEMA = {
  received: 'Received',
  rejected: 'Rejected',
  progress: 'Progress',
  cameras: 'Cameras',
  grant: 'Grants',
  notice: 'CentreNotice',
  notices: 'NoticesTold',
  config: 'ConfigSent',
  certificate: 'CertificateIssued',
} as const satisfies Record<DownKind, SchemaName>;

/** Bytes. The largest lawful message is a list of 200 cameras. */
const MAX_PAYLOAD = 256 * 1024;

export function createInbox(boxId: string, handlers: InboxHandlers, log: Logger): (topic: string, payload: Buffer) => void {
  const kinds = new Map<string, DownKind>(DOWN_KINDS.map((kind) => [topics.boxDown(boxId, kind), kind]));
  return (topic, payload) => {
    const kind = kinds.get(topic);
    try {
      if (!kind) return log.warn({ topic }, 'UNKNOWN_TOPIC: nobody here listens on it');
      if (payload.length > MAX_PAYLOAD) return log.warn({ topic, bytes: payload.length }, 'TOO_LARGE: dropped');
      const message = parseAs(SCHEMA[kind], payload.toString('utf8'));
      (handlers[kind] as (m: typeof message) => void)(message);
    } catch (error) {
      const { code, detail } = asCoded(error);
      log.warn({ topic, code, detail, err: code === 'INTERNAL' ? error : undefined }, 'a message of the centre was dropped');
    }
  };
}
