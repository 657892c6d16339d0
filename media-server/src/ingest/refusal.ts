/** A camera that answered, and said no: it is tried again all the same, but somebody has to look at it. */
import { CodedError, type ErrorCode } from '@shouwang/protocol';

export class Refusal extends CodedError {
  /** It may be over as soon as the camera has started, or somebody has left: it is asked again as one that cannot be reached is. */
  readonly passing: boolean;

  constructor(code: ErrorCode, detail: string, passing = false) {
    super(code, detail);
    this.passing = passing;
  }
}

/** `detail` goes to operators: no address, no password. */
export function refusal(detail: string, code: ErrorCode = 'CAMERA_OFFLINE'): Refusal {
  return new Refusal(code, detail);
}

export function passingRefusal(detail: string): Refusal {
  return new Refusal('CAMERA_OFFLINE', detail, true);
}
