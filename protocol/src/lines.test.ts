import { describe, expect, it } from 'vitest';
import { breakable, pagedText } from './lines.ts';

describe('where lines may break', () => {
  it('between Chinese characters, not before closing nor after opening punctuation', () => {
    expect(breakable('中心已收到，等待')).toEqual(['中', '心', '已', '收', '到，', '等', '待']);
    expect(breakable('（还有 8 秒）')).toEqual(['（还', '有', ' ', '8', ' ', '秒）']);
    expect(breakable('好。”')).toEqual(['好。”']);
  });
  it('never inside a number, a telephone number, a time, a word', () => {
    expect(breakable('电话0859-555-0110打')).toEqual(['电', '话', '0859-555-0110', '打']);
    expect(breakable('今天 16:00前')).toEqual(['今', '天', ' ', '16:00', '前']);
    expect(breakable('box-0001')).toEqual(['box-0001']);
  });
  it('never inside a character of two code units', () => {
    expect(breakable('𠮷家寨😀')).toEqual(['𠮷', '家', '寨', '😀']);
    const lines = pagedText('𠮷'.repeat(40), 0, { w: 330, h: 10_000 }, [30]).lines;
    expect(lines.length).toBeGreaterThan(1);
    for (const line of lines) expect(line).toMatch(/^𠮷+$/u);
  });
  it('loses nothing', () => {
    for (const text of ['', '“', '处理结果：派出所（110）到场，已处理。', '，，，', ' a  b ']) expect(breakable(text).join('')).toBe(text);
  });
});
