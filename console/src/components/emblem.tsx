/** The sign of the house, as in `public/icon.svg`. */
export function Emblem() {
  return (
    <svg className="gate__icon" viewBox="0 0 64 64" width="64" height="64" aria-hidden="true">
      <path d="M32 6 54 15v16c0 14-9 22-22 27C19 53 10 45 10 31V15z" fill="#58a6ff" />
      <circle cx="32" cy="31" r="9" fill="#0d131c" />
      <circle cx="32" cy="31" r="4" fill="#fff" />
    </svg>
  );
}
