/** A key as it is printed on the keyboard. Read out by `aria-keyshortcuts` of what it belongs to, so hidden here. */
export function KeyHint({ children }: { children: string }) {
  return (
    <kbd className="key" aria-hidden>
      {children}
    </kbd>
  );
}
