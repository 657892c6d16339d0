/** The subsetter has no types. */
declare module 'subset-font' {
  export default function subsetFont(
    font: Uint8Array,
    text: string,
    options: { targetFormat: 'woff2'; noLayoutClosure: boolean },
  ): Promise<Uint8Array>;
}

/** Vite turns such an import into the file's address. */
declare module '*?url' {
  const url: string;
  export default url;
}
