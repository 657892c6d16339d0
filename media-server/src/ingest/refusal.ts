/** A camera that answered, and said no: it is tried again all the same, but somebody has to look at it. */
import { CodedError, type ErrorCode } from '@shouwang/protocol';

export class Refusal extends CodedError {}

/** `detail` goes to operators: no address, no password. */
export function refusal(detail: string, code: ErrorCode = 'CAMERA_OFFLINE'): Refusal {
  return new Refusal(code, detail);
}
