/** What the file holds now; what we have, where it cannot be read at the moment: it may be being replaced. */
export function rereadOr<T>(current: T, reread: (() => T) | null): T {
  try {
    return reread?.() ?? current
  } catch {
    return current
  }
}
