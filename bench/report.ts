/** One measured figure, as one JSON line. */
interface Figure {
  bench: string
  metric: string
  value: number
  unit: string
  /** What the same run measured without our code, in the same unit */
  reference?: number
  ratio?: number
  target?: number
  pass?: boolean
}

/** Prints the figure. If it misses its target, the process ends with 1. */
export function report(figure: Figure): void {
  console.log(JSON.stringify(figure, (_key, value) => (typeof value === 'number' ? round(value) : value)))
  if (figure.pass === false) process.exitCode = 1
}

/** Four significant digits, since machines are noisier than that. */
const round = (value: number) => (Number.isInteger(value) ? value : Number(value.toPrecision(4)))

/** @param values at least one */
export function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN
}

export const median = (values: readonly number[]) => quantile(values, 0.5)
