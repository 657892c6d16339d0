/** hls.js ships no types for its light build; what it has is the same, less captions, alternate audio and DRM. */
declare module 'hls.js/light' {
  export type { ErrorData, HlsConfig } from 'hls.js';
  export { default, ErrorDetails, ErrorTypes, Events } from 'hls.js';
}
