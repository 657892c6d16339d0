/** Judges entries of an enrolment one by one, in words for whoever typed the list. No secret is repeated. */
import { BoxEnrolled, type RefusedEntry } from '@shouwang/protocol';
import { isValid } from '@shouwang/protocol/validators';
import { Value } from '@sinclair/typebox/value';
import type { BoxEntry } from './directory.ts';

/** One entry with its place. */
export interface AskedBox {
  line: number;
  value: unknown;
}

const EXPECTED: Record<string, string> = {
  boxId: '机顶盒编号须为1–40个字母、数字、-或_ / letters, digits, - and _, at most 40',
  secret: '密钥须为32–200个字符 / a secret of 32 to 200 characters',
  name: '姓名须为1–40个字 / a name of 1 to 40 characters',
  address: '地址须为1–120个字 / an address of 1 to 120 characters',
  phone: '电话须为1–30个字 / a telephone number of 1 to 30 characters',
  area: '区划代码须为6、9、12或15位数字 / an administrative code of 6, 9, 12 or 15 digits',
  position: '经纬度须同时填写，纬度−90–90，经度−180–180 / latitude and longitude, both or neither, within range',
};

/** An entry that can be taken. */
export interface GoodBox {
  line: number;
  box: BoxEnrolled;
}

/** The entries that can be taken, and why the others cannot. */
export function checkBoxes(asked: AskedBox[], known: ReadonlyMap<string, BoxEntry>): { good: GoodBox[]; refused: RefusedEntry[] } {
  const good: GoodBox[] = [];
  const refused: RefusedEntry[] = [];
  const lineOf = new Map<string, number>();
  for (const { line, value } of asked) {
    const reason = reasonAgainst(value, known, lineOf);
    if (reason === undefined) {
      const box = value as BoxEnrolled;
      lineOf.set(box.boxId, line);
      good.push({ line, box });
    } else refused.push({ line, boxId: readableBoxId(value), reason });
  }
  return { good, refused };
}

function reasonAgainst(value: unknown, known: ReadonlyMap<string, BoxEntry>, lineOf: Map<string, number>): string | undefined {
  if (!isValid('BoxEnrolled', value)) return whyWrong(value);
  const earlier = lineOf.get(value.boxId);
  if (earlier !== undefined) return `boxId: 与第${earlier}行重复 / the same as in line ${earlier}`;
  if (known.get(value.boxId)?.revoked) return 'boxId: 这台机顶盒已停用，请先恢复 / this box is revoked: reinstate it first';
  return undefined;
}

function whyWrong(value: unknown): string {
  const error = Value.Errors(BoxEnrolled, value).First();
  const field = error?.path.split('/')[1] ?? '';
  if (!field) return '须为一个对象 / expected an object';
  return `${field}: ${EXPECTED[field] ?? '没有这一项 / no such field'}`;
}

function readableBoxId(value: unknown): string | undefined {
  const boxId = (value as { boxId?: unknown } | null)?.boxId;
  return typeof boxId === 'string' ? boxId.slice(0, 40) : undefined;
}
