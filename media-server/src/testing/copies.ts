/** Buffers of which each is good only until the next is asked for, to be kept. */
export function copies(buffers: Iterable<Buffer>): Buffer[] {
  return Array.from(buffers, (buffer) => Buffer.from(buffer));
}
