/** The newest picture of each camera, kept in memory only (nothing is recorded on the box), and how it came to be there. */
export interface StillPicture {
  url: string;
  /** When the picture was taken, ms since 1970. */
  pictureAt: number;
}

const KEEP = 36;

export class StillStore {
  /** Insertion order is age: the oldest falls out first. */
  private readonly newest = new Map<string, { picture: StillPicture; release: () => void }>();
  /** The one before is let go a turn later: it may still be on its way into a texture. */
  private readonly before = new Map<string, () => void>();

  get(cameraId: string): StillPicture | undefined {
    return this.newest.get(cameraId)?.picture;
  }

  /** `release` frees the picture's memory. */
  put(cameraId: string, picture: StillPicture, release: () => void): void {
    this.before.get(cameraId)?.();
    this.before.delete(cameraId);
    const old = this.newest.get(cameraId);
    if (old) this.before.set(cameraId, old.release);
    this.newest.delete(cameraId);
    this.newest.set(cameraId, { picture, release });
    const oldest = this.newest.keys().next().value;
    if (this.newest.size > KEEP && oldest !== undefined) this.drop(oldest);
  }

  private drop(cameraId: string): void {
    this.newest.get(cameraId)?.release();
    this.newest.delete(cameraId);
    this.before.get(cameraId)?.();
    this.before.delete(cameraId);
  }
}
