/** Words as the protocol takes them: no control characters but line breaks (`shortText`), nothing around them. Pure. */
export function cleanText(text: string): string {
  return text
    .replace(/\r\n?/g, '\n')
    .replace(/\p{Cc}/gu, (c) => (c === '\n' ? c : ' '))
    .trim();
}
