/** What the desk says of a clip, in plain words. */
import { type CaseClip, ERRORS, type ErrorCode } from '@shouwang/protocol';
import { clockText, durationText } from '../time-text.ts';

const gapMs = (gaps: CaseClip['gaps']) => gaps.reduce((sum, g) => sum + g.to - g.from, 0);

/** E.g. `已存 91 秒`, `正在录制，按键前的已可看`. */
export function clipStateText(clip: CaseClip): string {
  switch (clip.state) {
    case 'asked':
      return clip.online ? '正在向视频节点要录像' : '视频节点离线，连上后再取';
    case 'recording':
      return clip.online ? '正在录制' : '视频节点离线，录像没有收完';
    case 'partial':
      return clip.online ? '正在录制，按键前的已可看' : '视频节点离线，按键前的已存';
    case 'complete':
      return `已存 ${durationText(clip.parts.reduce((sum, p) => sum + p.durationMs, 0))}`;
    case 'failed':
      return `没有录到：${ERRORS[(clip.code as ErrorCode) in ERRORS ? (clip.code as ErrorCode) : 'INTERNAL'].zh}`;
    case 'deleted':
      return '已按规定删除';
  }
}

/** What is missing of what was asked for; undefined: nothing. */
export function gapText({ gaps, state }: CaseClip): string | undefined {
  if (state !== 'complete' || gaps.length === 0) return undefined;
  const first = gaps.slice(0, 2).map((g) => `${clockText(g.from)}–${clockText(g.to)}`);
  return `缺失 ${durationText(gapMs(gaps))}（${first.join('、')}${gaps.length > 2 ? ' 等' : ''}）`;
}
