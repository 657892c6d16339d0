/** What the desk says of a camera's state, in plain words. */
import { type ConsoleCamera, MEDIA_FAULT_LABEL } from '@shouwang/protocol';

/** E.g. `画面全黑`; empty while nothing wrong is known. */
export function cameraFaultText({ online, fault }: Pick<ConsoleCamera, 'online' | 'fault'>): string {
  if (!online) return '视频节点离线';
  return fault ? MEDIA_FAULT_LABEL[fault.fault] : '';
}
