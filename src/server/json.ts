/** @returns undefined: it is no JSON, which no schema of ours takes */
export function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
