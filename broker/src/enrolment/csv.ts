/**
 * Reads a list of boxes as county offices keep it: CSV (RFC 4180) out of a spreadsheet, in UTF-8 (with or without a byte order mark)
 * or GB18030, with a header in English or Chinese. Every line that cannot be read is named; the others go on.
 */
import { CodedError, type RefusedEntry } from '@shouwang/protocol';
import { type CsvError, parse } from 'csv-parse/sync';
import type { AskedBox } from './check-boxes.ts';

/** Columns by the names that a header may use. */
const COLUMNS: Record<string, string> = {
  boxid: 'boxId',
  机顶盒编号: 'boxId',
  name: 'name',
  姓名: 'name',
  address: 'address',
  地址: 'address',
  phone: 'phone',
  电话: 'phone',
  lat: 'lat',
  纬度: 'lat',
  lon: 'lon',
  经度: 'lon',
  area: 'area',
  区划代码: 'area',
  secret: 'secret',
  密钥: 'secret',
};
const NEEDED = ['boxId', 'name', 'address', 'phone', 'area'];

/** A spreadsheet's way to write a long number. */
const SCIENTIFIC = /^\d(\.\d+)?E\+\d+$/i;

interface Line {
  record: string[];
  info: { lines: number };
}

export interface ReadCsv {
  asked: AskedBox[];
  unreadable: RefusedEntry[];
}

/** Throws BAD_PAYLOAD for bytes in another encoding and for a header that lacks a column. */
export function readBoxesCsv(bytes: Uint8Array): ReadCsv {
  const unreadable: RefusedEntry[] = [];
  const lines = parse(decode(bytes), {
    bom: true,
    info: true,
    trim: true,
    relax_column_count: true,
    skip_empty_lines: true,
    skip_records_with_error: true,
    // The parser may stumble over one line several times.
    on_skip: (error: CsvError | undefined) => {
      const line = Number(error?.lines ?? 0);
      if (unreadable.at(-1)?.line !== line) unreadable.push({ line, reason: UNREADABLE });
    },
  }) as unknown as Line[];
  const header = columnsOf(withoutTail(lines[0]?.record ?? [], 0));
  const asked: AskedBox[] = [];
  for (const { record: cells, info } of lines.slice(1)) {
    const record = withoutTail(cells, header.length);
    // A spreadsheet leaves rows of nothing but commas at the end.
    if (record.every((cell) => cell === '')) continue;
    const reason =
      record.length === header.length
        ? scientific(header, record)
        : `须有${header.length}列，这里有${record.length}列 / ${record.length} columns instead of ${header.length}`;
    if (reason === undefined) asked.push({ line: info.lines, value: boxOf(header, record) });
    else unreadable.push({ line: info.lines, boxId: record[header.indexOf('boxId')]?.slice(0, 40), reason });
  }
  return { asked, unreadable };
}

const UNREADABLE = '引号不成对，读到这一行为止 / a quotation mark is missing or in the wrong place, in this line or above it';

function decode(bytes: Uint8Array): string {
  for (const encoding of ['utf-8', 'gb18030']) {
    try {
      return new TextDecoder(encoding, { fatal: true }).decode(bytes);
    } catch {
      // The next one.
    }
  }
  throw new CodedError('BAD_PAYLOAD', '文件须为UTF-8或GB18030编码 / the file is neither UTF-8 nor GB18030');
}

/** Without the empty cells that a spreadsheet adds at the end of a line. */
function withoutTail(cells: string[], atLeast: number): string[] {
  let length = cells.length;
  while (length > atLeast && cells[length - 1] === '') length--;
  return cells.slice(0, length);
}

function columnsOf(cells: string[]): string[] {
  const names = cells.map((cell) => COLUMNS[cell.toLowerCase()] ?? '');
  const unknown = cells.find((_, i) => names[i] === '');
  if (unknown !== undefined) throw new CodedError('BAD_PAYLOAD', `第1行：没有“${unknown.slice(0, 40)}”这一列 / line 1: no such column`);
  const twice = names.find((name, i) => names.indexOf(name) !== i);
  if (twice !== undefined) throw new CodedError('BAD_PAYLOAD', `第1行：“${twice}”列重复 / line 1: a column twice`);
  const missing = NEEDED.filter((name) => !names.includes(name));
  if (missing.length > 0) throw new CodedError('BAD_PAYLOAD', `第1行：缺少列 ${missing.join(', ')} / line 1: columns are missing`);
  return names;
}

function scientific(header: string[], record: string[]): string | undefined {
  const at = record.findIndex((cell, i) => SCIENTIFIC.test(cell) && header[i] !== 'lat' && header[i] !== 'lon');
  return at < 0
    ? undefined
    : `${header[at]}: 表格把数字写成了科学计数法，请把该列设为文本 / the spreadsheet shortened the number: format the column as text`;
}

/** The cells as a `BoxEnrolled` would have them; what is wrong with it is found out later. An empty cell is an absent one. */
function boxOf(header: string[], record: string[]): unknown {
  const { lat, lon, ...rest } = Object.fromEntries(header.map((name, i) => [name, record[i]] as const).filter(([, cell]) => cell !== ''));
  if (lat === undefined && lon === undefined) return rest;
  return { ...rest, position: { lat: degrees(lat), lon: degrees(lon) } };
}

function degrees(cell: string | undefined): number | undefined {
  return cell !== undefined && /^[+-]?\d{1,3}(\.\d+)?$/.test(cell) ? Number(cell) : undefined;
}
