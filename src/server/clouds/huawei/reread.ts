/** Reads the file again. If it cannot be read, it may be being replaced just now: then the current value stays. */
export function rereadOr<T>(current: T, reread: (() => T) | null): T {
  try {
    return reread?.() ?? current
  } catch {
    return current
  }
}
