/** As much of `fetch` as the player needs, so that boxes older than `fetch` can be served by XMLHttpRequest. */
export interface HttpInit {
  method?: string;
  headers?: Record<string, string>;
  body?: string;
  /** Lets the request outlive the page. Only where `fetch` exists. */
  keepalive?: boolean;
}

export interface HttpAnswer {
  readonly ok: boolean;
  readonly status: number;
  readonly headers: { get(name: string): string | null };
  text(): Promise<string>;
  json(): Promise<unknown>;
  blob(): Promise<Blob>;
}

/** Rejects only if no answer came. The global `fetch` is one of these. */
export type Http = (url: string, init?: HttpInit) => Promise<HttpAnswer>;

/** The browser's `fetch`, or XMLHttpRequest where there is none (Chromium below 42). */
export function browserHttp(): Http {
  return typeof fetch === 'function' ? (url, init) => fetch(url, init) : xhrHttp;
}

/** One request by XMLHttpRequest. */
export const xhrHttp: Http = (url, init) =>
  new Promise((resolve, reject) => {
    const xhr = new XMLHttpRequest();
    xhr.open(init?.method ?? 'GET', url, true);
    xhr.responseType = 'blob';
    const headers = init?.headers ?? {};
    for (const name of Object.keys(headers)) xhr.setRequestHeader(name, headers[name]!);
    xhr.onerror = () => reject(new TypeError('network error'));
    xhr.onload = () => {
      const blob = xhr.response as Blob;
      const text = () => readBlob(blob);
      resolve({
        ok: xhr.status >= 200 && xhr.status < 300,
        status: xhr.status,
        headers: { get: (name) => xhr.getResponseHeader(name) },
        text,
        json: () => text().then((t) => JSON.parse(t) as unknown),
        blob: () => Promise.resolve(blob),
      });
    };
    xhr.send(init?.body);
  });

/** `Blob.text()` is younger than the boxes. */
function readBlob(blob: Blob): Promise<string> {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve(reader.result as string);
    reader.onerror = () => reject(reader.error);
    reader.readAsText(blob);
  });
}
