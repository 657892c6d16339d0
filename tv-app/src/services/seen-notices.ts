/** Which notices were opened on this screen, in the page's storage. Forgotten, they are merely new again. */
const KEY = 'shouwang.seen';
/** More than a box ever holds. */
const MAX = 60;

export class SeenNotices {
  private readonly storage: Pick<Storage, 'getItem' | 'setItem'> | undefined;
  private ids: string[] = [];

  constructor(storage: SeenNotices['storage']) {
    this.storage = storage;
    try {
      const found = JSON.parse(storage?.getItem(KEY) ?? '[]') as unknown;
      if (Array.isArray(found)) this.ids = found.filter((id) => typeof id === 'string');
    } catch {
      // All are new.
    }
  }

  has(id: string): boolean {
    return this.ids.indexOf(id) >= 0;
  }

  add(id: string): void {
    if (this.has(id)) return;
    this.ids = this.ids.concat(id).slice(-MAX);
    try {
      this.storage?.setItem(KEY, JSON.stringify(this.ids));
    } catch {
      // Storage may be full or forbidden.
    }
  }
}
