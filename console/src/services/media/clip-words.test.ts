import type { CaseClip } from '@shouwang/protocol';
import { describe, expect, it } from 'vitest';
import { clipStateText, gapText } from './clip-words.ts';

const part = {
  n: 1,
  stage: 'whole',
  from: 0,
  to: 90_000,
  frames: 1,
  bytes: 1,
  durationMs: 91_000,
  codec: 'h264',
  fileSha256: '',
  manifestSha256: '',
  kid: '',
} as const;
function clip(change: Partial<CaseClip>): CaseClip {
  return {
    clipId: 'x',
    cameraId: 'gate',
    cameraName: '大门口',
    from: 0,
    to: 90_000,
    state: 'complete',
    parts: [part],
    gaps: [],
    askedAt: 0,
    keepUntil: 1,
    online: true,
    ...change,
  };
}

describe('what the desk says of a clip', () => {
  it('is the state in plain words, never ahead of the fact', () => {
    expect(clipStateText(clip({}))).toBe('已存 1 分 31 秒');
    expect(clipStateText(clip({ state: 'asked', parts: [] }))).toBe('正在向视频节点要录像');
    expect(clipStateText(clip({ state: 'asked', parts: [], online: false }))).toContain('离线');
    expect(clipStateText(clip({ state: 'partial' }))).toBe('正在录制，按键前的已可看');
    expect(clipStateText(clip({ state: 'failed', code: 'CAMERA_OFFLINE' }))).toBe('没有录到：摄像头暂时连不上');
    expect(clipStateText(clip({ state: 'failed', code: 'of a newer node' }))).toBe('没有录到：内部错误');
    expect(clipStateText(clip({ state: 'deleted' }))).toBe('已按规定删除');
  });

  it('says what is missing once all is there', () => {
    const gaps = [0, 1, 2].map((n) => ({ from: n * 10_000, to: n * 10_000 + 2000 }));
    expect(gapText(clip({}))).toBeUndefined();
    expect(gapText(clip({ state: 'partial', gaps }))).toBeUndefined();
    expect(gapText(clip({ gaps }))).toMatch(/^缺失 6 秒（.+、.+ 等）$/);
  });
});
