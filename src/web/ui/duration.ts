/** A duration in its largest whole unit: the unit's sign names its word in the section `durations`. */
export interface RoundDuration {
  unit: 's' | 'min' | 'h' | 'd'
  n: number
}

/** Rounds ms to whole seconds, minutes, hours or days: one second at least. */
export function roundDuration(ms: number): RoundDuration {
  const seconds = Math.max(1, Math.round(ms / 1000))
  if (seconds < 120) return { unit: 's', n: seconds }
  if (seconds < 7_200) return { unit: 'min', n: Math.round(seconds / 60) }
  if (seconds < 172_800) return { unit: 'h', n: Math.round(seconds / 3600) }
  return { unit: 'd', n: Math.round(seconds / 86_400) }
}

/** Writes seconds as `0:07`, `12:34` or `1:02:03`. */
export function formatDuration(seconds: number): string {
  const whole = Math.floor(seconds)
  const two = (value: number) => String(value).padStart(2, '0')
  const hours = Math.floor(whole / 3600)
  const minutes = Math.floor(whole / 60) % 60
  return hours > 0 ? `${hours}:${two(minutes)}:${two(whole % 60)}` : `${minutes}:${two(whole % 60)}`
}
