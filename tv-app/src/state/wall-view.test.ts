import { describe, expect, it } from 'vitest';
import { camera, T0 } from '../testing/states.ts';
import { type WallSource, wallView } from './wall-view.ts';

const source = (change: Partial<WallSource> = {}): WallSource => ({
  cameras: [camera('a'), camera('b')],
  listFailed: false,
  reachable: true,
  still: () => ({ url: 'blob:x', pictureAt: T0 - 1_000 }),
  problem: () => undefined,
  ...change,
});
const first = (change: Partial<WallSource>) => wallView(source(change), 0, T0).tiles[0]!;

describe('the wall', () => {
  it('says 有画面 only over a picture of now', () => {
    expect(first({}).badge).toEqual({ text: '有画面', tone: 'good' });
    expect(first({ still: () => ({ url: 'blob:x', pictureAt: T0 - 16_000 }) }).badge).toEqual({ text: '16秒前', tone: 'old' });
    expect(first({ still: () => ({ url: 'blob:x', pictureAt: T0 - 200_000 }) }).badge.text).toBe('3分钟前');
    expect(first({ still: () => ({ url: 'blob:x', pictureAt: T0 - 7_300_000 }) }).badge.text).toBe('2小时前');
  });

  it('a camera that is away says so, whatever its picture was', () => {
    expect(first({ cameras: [camera('a', { online: false })] }).badge.tone).toBe('off');
    expect(first({ problem: () => 'CAMERA_OFFLINE' }).badge.text).toBe('连不上');
  });

  it('a camera that was found black or standing still is not called 有画面 for its picture of now', () => {
    expect(first({ cameras: [camera('a', { fault: 'black' })] }).badge).toEqual({ text: '画面是黑的', tone: 'off' });
    expect(first({ cameras: [camera('a', { fault: 'frozen' })] }).badge.text).toBe('画面不动了');
    expect(first({ cameras: [camera('a', { fault: 'unreachable' })] }).badge.text).toBe('有画面');
  });

  it('without a picture nothing is called 有画面, and nothing is on its way for ever', () => {
    const without = { still: () => undefined };
    expect(first(without)).toMatchObject({ badge: { text: '等画面', tone: 'old' }, note: '正在取画面…' });
    expect(first({ ...without, problem: () => 'CAMERA_OFFLINE' })).toMatchObject({ badge: { text: '连不上' }, note: '现在没有画面' });
    expect(first({ ...without, problem: () => 'CODEC_UNSUPPORTED' })).toMatchObject({ badge: { tone: 'off' }, note: '现在没有画面' });
    expect(first({ ...without, cameras: [camera('a', { online: false })] }).note).toBe('现在没有画面');
    expect(first({ problem: () => 'CODEC_UNSUPPORTED' }).badge.tone).toBe('off');
  });

  it('a picture taken ahead of the box’s clock is not negative years old', () => {
    expect(first({ still: () => ({ url: 'blob:x', pictureAt: T0 + 60_000 }) }).badge.text).toBe('有画面');
  });

  it('a camera no longer granted loses its picture', () => {
    expect(first({ problem: () => 'CAMERA_NOT_GRANTED' })).toMatchObject({ url: undefined, note: '没有授权观看' });
  });

  it('shows distances as neighbours say them', () => {
    const of = (distanceM: number | undefined) => first({ cameras: [camera('a', { distanceM })] }).distance;
    expect([42, 3, 118, 1_240, undefined].map(of)).toEqual(['约40米', '约10米', '约120米', '约1.2公里', '']);
  });

  it('pages by six and says which page', () => {
    const cameras = Array.from({ length: 8 }, (_, i) => camera(`c${i}`));
    const view = wallView(source({ cameras }), 7, T0);
    expect(view.tiles.map((t) => t.cameraId)).toEqual(['c6', 'c7']);
    expect(view.tiles[1]?.focused).toBe(true);
    expect(view.pageNote).toBe('第 2 页，共 2 页');
    expect(wallView(source(), 0, T0).pageNote).toBe('');
  });

  it('says why there is nothing', () => {
    expect(wallView(source({ cameras: undefined }), 0, T0).note).toBe('正在取摄像头名单…');
    expect(wallView(source({ cameras: undefined, reachable: false }), 0, T0).note).toContain('取不到');
    expect(wallView(source({ cameras: [] }), 0, T0).note).toContain('没有开放的摄像头');
  });
});
