/** A refusal that says whose grant it was about, for the record; the viewer is told the code only. */
import { CodedError, type ErrorCode } from '@shouwang/protocol';

export class RefusedError extends CodedError {
  readonly grantId: string | undefined;
  /** The camera that the grant or session was for. */
  readonly cameraId: string | undefined;

  constructor(code: ErrorCode, about: { grantId?: string | undefined; cameraId?: string | undefined }, detail?: string) {
    super(code, detail);
    this.grantId = about.grantId;
    this.cameraId = about.cameraId;
  }
}
