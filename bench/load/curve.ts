import * as z from 'zod/mini'

const LoadStep = z.object({
  sessions: z.number(),
  p50Ms: z.number(),
  p99Ms: z.number(),
  /** What the relay used of a core */
  cores: z.number(),
  /** Resident memory of the process while people type */
  rssMib: z.number(),
  /** The longest task of the event loop */
  longestMs: z.number(),
})
export type LoadStep = z.infer<typeof LoadStep>

export const LoadCurve = z.object({ steps: z.array(LoadStep) })
export type LoadCurve = z.infer<typeof LoadCurve>

interface Series {
  name: string
  of: (step: LoadStep) => number
  color: string
}

interface Panel {
  title: string
  series: readonly Series[]
  /** A dashed line; null: there is none */
  target: number | null
}

const BLUE = '#2563eb'
const ORANGE = '#c2410c'
const panels: readonly Panel[] = [
  {
    title: 'Echo, ms',
    target: 30,
    series: [
      { name: 'p99', of: ({ p99Ms }) => p99Ms, color: ORANGE },
      { name: 'p50', of: ({ p50Ms }) => p50Ms, color: BLUE },
    ],
  },
  {
    title: 'Processor, % of a core',
    target: null,
    series: [{ name: 'relay', of: ({ cores }) => cores * 100, color: BLUE }],
  },
  {
    title: 'Memory of the process, MiB',
    target: null,
    series: [{ name: 'while typing', of: ({ rssMib }) => rssMib, color: BLUE }],
  },
]

const WIDTH = 300
const HEIGHT = 200
const PAD = { left: 44, right: 16, top: 40, bottom: 36 }
const INK = '#1f2937'
const QUIET = '#6b7280'

/** The curve as a picture: one panel for each of what a session costs, over the number of sessions. */
export function drawCurve({ steps }: LoadCurve): string {
  const most = Math.max(...steps.map(({ sessions }) => sessions))
  const drawn = panels.map((panel, index) => drawPanel(panel, steps, most, index * WIDTH))
  const width = panels.length * WIDTH
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${HEIGHT}" width="${width}" height="${HEIGHT}" font-family="system-ui, sans-serif" font-size="11">
<title>What sessions cost, up to ${grouped(most)} of them with a key a second each</title>
<rect width="${width}" height="${HEIGHT}" fill="#ffffff"/>
${drawn.join('\n')}
</svg>
`
}

function drawPanel(
  { title, series, target }: Panel,
  steps: readonly LoadStep[],
  most: number,
  x: number,
): string {
  const all = series.flatMap(({ of }) => steps.map(of))
  const top = niceAbove(Math.max(...all, target ?? 0))
  const inner = { width: WIDTH - PAD.left - PAD.right, height: HEIGHT - PAD.top - PAD.bottom }
  const at = (sessions: number) => round(PAD.left + (sessions / most) * inner.width)
  const up = (value: number) => round(PAD.top + (1 - value / top) * inner.height)
  const parts = [`<text x="${PAD.left}" y="20" fill="${INK}" font-weight="600">${title}</text>`]
  for (const value of [0, top / 2, top]) {
    parts.push(
      `<path d="M${PAD.left} ${up(value)}H${WIDTH - PAD.right}" stroke="#e5e7eb"/>`,
      `<text x="${PAD.left - 6}" y="${up(value) + 4}" fill="${QUIET}" text-anchor="end">${round(value)}</text>`,
    )
  }
  for (const value of [0, most / 2, most])
    parts.push(
      `<text x="${at(value)}" y="${HEIGHT - 18}" fill="${QUIET}" text-anchor="middle">${grouped(value)}</text>`,
    )
  parts.push(
    `<text x="${at(most / 2)}" y="${HEIGHT - 4}" fill="${QUIET}" text-anchor="middle">sessions</text>`,
  )
  if (target !== null)
    parts.push(
      `<path d="M${PAD.left} ${up(target)}H${WIDTH - PAD.right}" stroke="${QUIET}" stroke-dasharray="4 3"/>`,
      `<text x="${PAD.left + 6}" y="${up(target) + 13}" fill="${QUIET}">target ${target}</text>`,
    )
  for (const { name, of, color } of series) {
    const points = steps.map((step) => `${at(step.sessions)},${up(of(step))}`)
    parts.push(`<polyline points="${points.join(' ')}" fill="none" stroke="${color}" stroke-width="2"/>`)
    for (const step of steps)
      parts.push(`<circle cx="${at(step.sessions)}" cy="${up(of(step))}" r="2.5" fill="${color}"/>`)
    const last = steps.at(-1)
    if (last)
      parts.push(
        `<text x="${at(last.sessions)}" y="${up(of(last)) - 7}" fill="${color}" text-anchor="end">${name} ${round(of(last))}</text>`,
      )
  }
  return `<g transform="translate(${x} 0)">${parts.join('')}</g>`
}

/** The next of 1, 2 and 5 times a power of ten */
export function niceAbove(value: number): number {
  const power = 10 ** Math.floor(Math.log10(value))
  const times = [1, 2, 4, 5, 6, 8, 10].find((each) => each * power >= value) ?? 10
  return times * power
}

const round = (value: number) => Number(value.toPrecision(3))
const grouped = (value: number) => value.toLocaleString('en')
