/**
 * Remembers the centre's name and telephone number in the page's storage, so that a page that opens while the bridge is down still
 * shows whom to ring. Nothing else is kept.
 */
export interface KnownCentre {
  name: string;
  phone: string;
}
const KEY = 'shouwang.centre';
/** The national police number: what to ring where the centre's number was never heard. */
export const FALLBACK: KnownCentre = { name: '报警', phone: '110' };

type Storage = Pick<globalThis.Storage, 'getItem' | 'setItem'>;

export class CentreMemory {
  private readonly storage: Storage | undefined;
  private known: KnownCentre;

  /** `served`: what the centre wrote into the page that it served; newer than what is remembered. */
  constructor(storage: Storage | undefined, served?: KnownCentre) {
    this.storage = storage;
    this.known = served ?? this.read() ?? FALLBACK;
  }

  get(): KnownCentre {
    return this.known;
  }

  remember(centre: KnownCentre): void {
    if (!centre.phone || (centre.phone === this.known.phone && centre.name === this.known.name)) return;
    this.known = { name: centre.name, phone: centre.phone };
    try {
      this.storage?.setItem(KEY, JSON.stringify(this.known));
    } catch {
      // Storage may be full or forbidden; the number is still shown now.
    }
  }

  private read(): KnownCentre | undefined {
    try {
      const v = JSON.parse(this.storage?.getItem(KEY) ?? 'null') as Partial<KnownCentre> | null;
      return v && typeof v.phone === 'string' && v.phone && typeof v.name === 'string' ? { name: v.name, phone: v.phone } : undefined;
    } catch {
      return undefined;
    }
  }
}
