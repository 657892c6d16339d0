import type { TroubleKind } from '@shouwang/protocol';
import { beforeEach, describe, expect, it } from 'vitest';
import { OrderBook } from './order-book.ts';

const WELL_FOR = 300_000;
let book: OrderBook;
let age: number;
/** What the store was told, in order. */
let told: string[];

beforeEach(() => {
  book = new OrderBook(WELL_FOR);
  age = 0;
  told = [];
});
const want = (kind: TroubleKind = 'flash', boxId = 'a') => book.want({ boxId, area: '522328101201', kind, since: age });
const unwant = (kind: TroubleKind = 'flash', boxId = 'a') => book.unwant(boxId, kind, age);
/** Time passes, then the store is told. */
function passes(ms: number, taken = true): void {
  age += ms;
  book.look(age);
  const orders = book.untold(100);
  if (taken) told.push(...orders.close.map((o) => `close ${o.kind}`), ...orders.open.map((o) => `open ${o.kind}`));
  book.told(orders, taken);
}

describe('an order', () => {
  it('opens once however often the trouble is told, and closes when the box has been well for a while', () => {
    want();
    want();
    passes(1000);
    want();
    passes(1000);
    unwant();
    passes(WELL_FOR - 1);
    expect(told).toEqual(['open flash']);
    passes(1);
    passes(1);
    expect(told).toEqual(['open flash', 'close flash']);
  });

  it('of a fault that comes and goes is one', () => {
    for (let i = 0; i < 1000; i++) {
      want();
      passes(1000);
      unwant();
      passes(1000);
    }
    expect(told).toEqual(['open flash']);
  });

  it('is one a kind: another trouble of the same box has its own', () => {
    want('flash');
    want('keys');
    passes(1);
    book.unwantOthers('a', ['keys'], age);
    passes(WELL_FOR);
    expect(told).toEqual(['open flash', 'open keys', 'close flash']);
    expect(book.openOf('a')).toEqual(['keys']);
  });

  it('that the store could not take is told again', () => {
    want();
    passes(1, false);
    passes(1);
    unwant();
    passes(WELL_FOR, false);
    passes(1);
    expect(told).toEqual(['open flash', 'close flash']);
  });

  it('whose trouble comes back while its closing is on the way opens again', () => {
    want();
    passes(1);
    unwant();
    age += WELL_FOR;
    book.look(age);
    const flying = book.untold(10);
    want();
    book.told(flying, true);
    passes(1);
    expect(told).toEqual(['open flash', 'open flash']);
  });

  it('that ends while its opening is on the way is closed after that', () => {
    book = new OrderBook(0);
    want();
    const flying = book.untold(10);
    unwant();
    book.look(age);
    book.told(flying, true);
    passes(1);
    expect(told).toEqual(['close flash']);
  });
});

it('after a restart an open order whose trouble is not there any more closes itself', () => {
  book.restore({ boxId: 'a', kind: 'flash' }, age);
  book.restore({ boxId: 'a', kind: 'keys' }, age);
  want('keys');
  passes(WELL_FOR);
  expect(told).toEqual(['close flash']);
});
