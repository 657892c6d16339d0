import { describe, expect, it } from 'vitest';
import { camera, T0 } from '../testing/states.ts';
import { type LiveSource, livePageView, onScreen } from './live-page-view.ts';

const cameras = [camera('a'), camera('b'), camera('c')];
const live = (change: Partial<LiveSource> = {}): LiveSource => ({
  waitingSince: T0,
  phase: 'connecting',
  code: undefined,
  advancing: false,
  hasPicture: false,
  pictureAt: undefined,
  ...change,
});
const still = { url: 'blob:x', pictureAt: T0 - 4_000 };
const view = (source: LiveSource, picture: typeof still | undefined = still, at = 1) =>
  livePageView(cameras, at, source, picture, 'box-0001', T0);

describe('the full-screen page', () => {
  it('says 实时画面 only while frames advance', () => {
    const texts = [live(), live({ phase: 'playing' }), live({ phase: 'playing', advancing: true, hasPicture: true })].map(
      (l) => view(l).status.text,
    );
    expect(texts).toEqual(['正在连接', '正在连接', '实时画面']);
  });

  it('a picture that has stopped says so, with its time', () => {
    const stopped = view(live({ phase: 'stalled', hasPicture: true, pictureAt: T0 - 9_000 }));
    expect(stopped.status.text).toBe('画面已停');
    expect(stopped.pictureNote).toMatch(/^上一张画面 \d\d:\d\d:\d\d$/);
    expect(stopped.showVideo).toBe(true);
  });

  it('the last still is there at once, with its time', () => {
    const opening = view(live());
    expect(opening.still).toBe(still);
    expect(opening.showVideo).toBe(false);
    expect(opening.pictureNote).toMatch(/上一张画面/);
    expect(livePageView(cameras, 1, live(), undefined, 'b', T0).pictureNote).toBe('还没有画面');
  });

  it('no time stands beside a live picture', () => {
    expect(view(live({ phase: 'playing', advancing: true, hasPicture: true, pictureAt: T0 })).pictureNote).toBe('');
  });

  it('says why there is none', () => {
    expect(view(live({ phase: 'failed', code: 'CAMERA_NOT_GRANTED' })).status.text).toBe('没有授权观看这个摄像头');
    expect(view(live({ phase: 'failed', code: 'CAMERA_OFFLINE' })).status.text).toBe('这个摄像头坏了或没有电');
    expect(view(live({ phase: 'failed', code: 'TIMEOUT' })).status.text).toBe('画面过不来，正在重试');
  });

  it('carries the viewer’s mark and knows its neighbours', () => {
    expect(view(live({ advancing: false })).mark).toBe('box-0001');
    expect(view(live({ advancing: true })).mark, 'the player draws it').toBe('');
    expect([0, 1, 2].map((i) => [view(live(), still, i).left, view(live(), still, i).right])).toEqual([
      [false, true],
      [true, true],
      [true, false],
    ]);
  });
});

describe('what an alarm carries', () => {
  it('the camera and the time of the picture that is seen', () => {
    expect(onScreen('a', live({ hasPicture: true, pictureAt: T0 - 300.4 }), still)).toEqual({ cameraId: 'a', pictureAt: T0 - 300 });
    expect(onScreen('a', live(), still)).toEqual({ cameraId: 'a', pictureAt: T0 - 4_000 });
  });
  it('nothing where no picture is seen', () => {
    expect(onScreen('a', live(), undefined)).toBeNull();
    expect(onScreen(undefined, live(), still)).toBeNull();
  });
});
