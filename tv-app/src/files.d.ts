/** Vite turns such an import into the file's address. */
declare module '*?url' {
  const url: string;
  export default url;
}
