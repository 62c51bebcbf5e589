/** The value of `<input type="datetime-local">` for a moment (ISO 8601), in the browser's zone. '' for none. */
export function localInput(moment: string | undefined): string {
  if (!moment) return ''
  const date = new Date(moment)
  const two = (value: number) => String(value).padStart(2, '0')
  const day = `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`
  return `${day}T${two(date.getHours())}:${two(date.getMinutes())}`
}

/** @returns the moment in such an input; null while it is being typed, undefined when it is empty */
export function momentOf(input: string): string | null | undefined {
  if (input === '') return undefined
  const date = new Date(input)
  // A year that is being typed passes through 0002, 0020 and 0202 before it is 2026.
  const usable = date.getFullYear() >= 2000 && date.getFullYear() < 10_000
  return usable ? date.toISOString() : null
}
