/** Times as the desk shows them. All instants are ms since 1970; wall-clock texts are in the browser's own time zone. */

const two = (n: number) => String(n).padStart(2, '0');

/** `18:05:09`. */
export function clockText(at: number): string {
  const d = new Date(at);
  return `${two(d.getHours())}:${two(d.getMinutes())}:${two(d.getSeconds())}`;
}

/** `11月23日 18:05:09`. */
export function dayClockText(at: number): string {
  const d = new Date(at);
  return `${d.getMonth() + 1}月${d.getDate()}日 ${clockText(at)}`;
}

/** The clock alone when `at` is on the same day as `now`, otherwise with the day. */
export function nearClockText(at: number, now: number): string {
  return new Date(at).toDateString() === new Date(now).toDateString() ? clockText(at) : dayClockText(at);
}

/** `11月23日 星期一`. */
export function dateText(at: number): string {
  const d = new Date(at);
  return `${d.getMonth() + 1}月${d.getDate()}日 星期${'日一二三四五六'[d.getDay()]}`;
}

/** A length of time in the two largest units that matter: `8 秒`, `3 分 05 秒`, `2 小时 07 分`, `3 天 4 小时`. Negative counts as 0. */
export function durationText(ms: number): string {
  const s = Math.max(0, Math.floor(ms / 1000));
  if (s < 60) return `${s} 秒`;
  if (s < 3600) return `${Math.floor(s / 60)} 分 ${two(s % 60)} 秒`;
  if (s < 86_400) return `${Math.floor(s / 3600)} 小时 ${two(Math.floor((s % 3600) / 60))} 分`;
  return `${Math.floor(s / 86_400)} 天 ${Math.floor((s % 86_400) / 3600)} 小时`;
}

/** The value of a `datetime-local` field for an instant. */
export function toLocalInput(at: number): string {
  const d = new Date(at);
  return `${d.getFullYear()}-${two(d.getMonth() + 1)}-${two(d.getDate())}T${two(d.getHours())}:${two(d.getMinutes())}`;
}

/** `50 米`, `1.2 公里`: to 10 m, as on the television; positions are not more exact. */
export function distanceText(metres: number): string {
  const rounded = Math.max(10, Math.round(metres / 10) * 10);
  return rounded < 1000 ? `${rounded} 米` : `${(metres / 1000).toFixed(1)} 公里`;
}
