type Truthy<T> = Exclude<T, false | 0 | '' | null | undefined>;

/** Waits until `test` gives something true, looking again every few milliseconds. For real sockets and files, where no event says it. */
export async function until<T>(what: string, test: () => T | Promise<T>, timeoutMs = 30_000): Promise<Truthy<T>> {
  const end = performance.now() + timeoutMs;
  for (;;) {
    const value = await test();
    if (value) return value as Truthy<T>;
    if (performance.now() > end) throw new Error(`not within ${timeoutMs} ms: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
