/**
 * How a held key of an infrared remote comes: down, once more after 500 ms, then every 125 ms. Many middlewares tell no key-up, and a
 * hand in the beam leaves a gap. All in ms, with room for a busy box.
 */

/** No repeat comes sooner after the first down; what does is a new press. */
export const FIRST_REPEAT_MS = 400;
/** Repeats of one hold are no further apart. */
export const REPEAT_MS = 250;
/** A gap so short does not end a hold. */
export const BRIDGE_MS = 400;
/** Silence after the first down that means: let go. */
export const GONE_MS = 700;
