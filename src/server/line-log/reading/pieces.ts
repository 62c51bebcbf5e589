const FEED = 0x0a
const ESC = 0x1b
const LEFT_BRACKET = 0x5b
/** A place within a line is known to so many bytes. */
const LONGEST = 256

/** `whole`: it ends here whatever comes after it. */
type Piece = readonly [from: number, to: number, whole: boolean]

/**
 * Cuts bytes where a row of text may begin or end: after a line feed, and around a sequence that may move the cursor.
 * So each row's place in the bytes is known.
 */
export function* splitPieces(bytes: Uint8Array): Generator<Piece> {
  for (let from = 0; from < bytes.length; ) {
    const piece = pieceAt(bytes, from)
    yield piece
    from = piece[1]
  }
}

function pieceAt(bytes: Uint8Array, from: number): Piece {
  const limit = Math.min(bytes.length, from + LONGEST)
  const isLong = limit === from + LONGEST
  if (bytes[from] === ESC && bytes[from + 1] === LEFT_BRACKET) {
    for (let at = from + 2; at < limit; at++) {
      const byte = bytes[at] ?? 0
      if (byte >= 0x40 && byte <= 0x7e) return [from, at + 1, true]
      if (byte < 0x20 || byte > 0x7e) return [from, at, true]
    }
    return [from, limit, isLong]
  }
  for (let at = from; at < limit; at++) {
    if (bytes[at] === FEED) return [from, at + 1, true]
    if (bytes[at] === ESC && at > from) return [from, at, true]
  }
  return [from, limit, isLong]
}
