import { describe, expect, it } from 'vitest';
import { checkBoxes } from './check-boxes.ts';
import { readBoxesCsv } from './csv.ts';

const HEADER = 'boxId,name,address,phone,lat,lon,area';
const WANG = 'box-1001,王秀英,平安村3组12号,13900000001,25.101,105.471,522328101201';
const wang = {
  boxId: 'box-1001',
  name: '王秀英',
  address: '平安村3组12号',
  phone: '13900000001',
  area: '522328101201',
  position: { lat: 25.101, lon: 105.471 },
};
/** `平安村` and so on in GB18030: what a spreadsheet of a county office saves. */
const GB18030_LINE = Buffer.from(
  '626f782d313030312ccdf5d0e3d3a22cc6bdb0b2b4e533d7e93132bac52c31333930303030303030312c2c2c353232333238313031323031',
  'hex',
);

const read = (text: string) => readBoxesCsv(Buffer.from(text));
const judged = (text: string) => {
  const { asked, unreadable } = read(text);
  return [...unreadable, ...checkBoxes(asked, new Map()).refused].map((r) => [r.line, r.reason.split(/[:：]/)[0]]);
};

describe('a list of boxes', () => {
  it.each([
    ['UTF-8', `${HEADER}\n${WANG}\n`],
    ['UTF-8 with a byte order mark', `\ufeff${HEADER}\n${WANG}\n`],
    ['with a header in Chinese', `机顶盒编号,姓名,地址,电话,纬度,经度,区划代码\r\n${WANG}\r\n`],
    ['with empty columns and lines at the end, as spreadsheets leave them', `${HEADER},,\r\n${WANG},,\r\n,,,,,,,,\r\n\r\n`],
    ['with quoted cells and blanks around them', `${HEADER}\n"box-1001", 王秀英 ,"平安村3组12号",13900000001,25.101,105.471,522328101201`],
  ])('%s', (_what, text) => {
    expect(read(text)).toMatchObject({ asked: [{ line: 2, value: wang }], unreadable: [] });
  });

  it('in GB18030; a position may be left out', () => {
    const { position: _, ...without } = wang;
    expect(readBoxesCsv(Buffer.concat([Buffer.from(`${HEADER}\n`), GB18030_LINE])).asked).toEqual([{ line: 2, value: without }]);
  });

  it('in another encoding is refused', () => {
    expect(() => readBoxesCsv(Buffer.from([0xff, 0xfe, 0x62, 0x00, 0xff]))).toThrow('GB18030');
  });

  it.each([
    ['a column that nobody knows', 'boxId,nmae', 'nmae'],
    ['a column twice', `${HEADER},name`, 'name'],
    ['a missing column', 'boxId,name,address,phone', 'area'],
  ])('%s in the header is named', (_what, header, word) => {
    expect(() => read(`${header}\n${WANG}`)).toThrow(word);
  });

  it('an empty file lacks its header', () => {
    expect(() => read('')).toThrow('boxId');
  });

  it('every bad line is named with its number and what is wrong', () => {
    const lines = [
      HEADER,
      WANG,
      'box 2,王,平安村,139,,,522328101201',
      'box-3,,平安村,139,,,522328101201',
      'box-4,王,平安村,139,25.1,,522328101201',
      'box-5,王,平安村,139,95,105,522328101201',
      'box-6,王,平安村,139,,,5223281012',
      'box-7,王,平安村,139,,,5.22328E+11',
      'box-8,王,平安村,139,,,522328101201,more,and more',
      WANG,
    ];
    expect(judged(lines.join('\n'))).toEqual([
      [8, 'area'],
      [9, expect.stringContaining('9')],
      [3, 'boxId'],
      [4, 'name'],
      [5, 'position'],
      [6, 'position'],
      [7, 'area'],
      [10, 'boxId'],
    ]);
  });

  it('a quotation mark in the wrong place spoils its own line only', () => {
    const { asked, unreadable } = read(`${HEADER}\nbox-2,王"小"明,平安村,139,,,522328101201\n${WANG}\n`);
    expect(unreadable).toMatchObject([{ line: 2 }]);
    expect(asked).toMatchObject([{ line: 3, value: wang }]);
  });

  it('a quotation mark that is never closed takes nothing for good that stands after it', () => {
    const { asked, unreadable } = read(`${HEADER}\n${WANG}\nbox-2,"王,平安村,139,,,522328101201\nbox-3,王,平安村,139,,,522328101201\n`);
    expect(asked.map((a) => a.line)).toEqual([2]);
    expect(unreadable).toHaveLength(1);
  });

  it('a secret that is too short is named and not repeated', () => {
    const [refused] = checkBoxes(read(`${HEADER},secret\n${WANG},hunter2`).asked, new Map()).refused;
    expect(refused).toMatchObject({ line: 2, boxId: 'box-1001', reason: expect.stringContaining('secret') });
    expect(JSON.stringify(refused)).not.toContain('hunter2');
  });
});
