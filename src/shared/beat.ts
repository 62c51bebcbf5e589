/**
 * The page and the relay show each other that they are there. The relay says `beat`, and the page answers each one. The
 * page does so in the worker that owns the socket, since a browser slows down the timers of a hidden tab. This module
 * imports nothing, so the worker stays small: it compares text and parses nothing.
 */

/** The whole text frame, in both directions. */
export const BEAT = '{"type":"beat"}'

/** How often the relay says it. */
export const BEAT_MS = 10_000

/** The page says that the relay does not answer when nothing came for this long: one beat is missing. */
export const QUIET_MS = 12_000

/** Either end gives the other up when nothing came from it for this long. */
export const SILENT_MS = 30_000
