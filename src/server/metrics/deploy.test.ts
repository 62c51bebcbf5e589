import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { isInstalled } from '../../testing/installed.ts'
import { Metrics } from './metrics.ts'

const file = (name: string) => fileURLToPath(new URL(`../../../deploy/${name}`, import.meta.url))
const rules = file('prometheus/alerts.yaml')

/** Every name that Prometheus can read of this server */
async function knownNames(): Promise<Set<string>> {
  const metrics = new Metrics('1.2.3')
  metrics.show({
    lines: () => [],
    links: () => ({ underWay: 0, booked: 0 }),
    auditUnwritten: () => 0,
    certificateUntil: () => 0,
    replica: () => ({
      id: 'r1',
      address: '10.0.0.5:8090',
      replicas: 1,
      ownedLines: 0,
      passedOn: 0,
      taken: 0,
      leases: { renewed: 0, unrenewed: 0, expired: 0, taken: 0 },
    }),
  })
  const names = new Set<string>()
  for (const [, name = '', type] of (await metrics.text()).matchAll(/^# TYPE (\w+) (\w+)$/gm)) {
    names.add(name)
    if (type === 'histogram') for (const part of ['bucket', 'count', 'sum']) names.add(`${name}_${part}`)
  }
  return names
}

const namesIn = (text: string) => new Set(text.match(/\b(?:bms_console|process|nodejs)_\w+/g))

const Dashboard = z.object({
  panels: z.array(z.object({ id: z.number(), targets: z.array(z.object({ expr: z.string() })) })),
})

describe('the dashboard', () => {
  const { panels } = Dashboard.parse(JSON.parse(readFileSync(file('grafana/bms-console.json'), 'utf8')))
  const expressions = panels.flatMap(({ targets }) => targets.map(({ expr }) => expr))

  it('asks for metrics that there are', async () => {
    const known = await knownNames()
    const asked = namesIn(expressions.join('\n'))
    expect(asked.size).toBeGreaterThan(10)
    expect([...asked].filter((name) => !known.has(name))).toEqual([])
    expect(new Set(panels.map(({ id }) => id)).size).toBe(panels.length)
  })

  it('shows every metric of ours', async () => {
    const ours = [...(await knownNames())].filter((name) => name.startsWith('bms_console_'))
    const asked = namesIn(expressions.join('\n'))
    const parts = /_(bucket|count|sum)$/
    const shown = (name: string) =>
      asked.has(name) || asked.has(`${name}_count`) || asked.has(`${name}_bucket`) || parts.test(name)
    // How long lines were gone is for whoever looks into one case, as is how many are watched.
    const left = ['bms_console_line_away_seconds', 'bms_console_watched_lines']
    expect(ours.filter((name) => !shown(name) && !left.includes(name))).toEqual([])
  })
})

describe('the alert rules', () => {
  it('ask for metrics that there are', async () => {
    const known = await knownNames()
    const asked = namesIn(readFileSync(rules, 'utf8'))
    expect(asked.size).toBeGreaterThan(5)
    expect([...asked].filter((name) => !known.has(name))).toEqual([])
  })

  it.skipIf(!isInstalled('promtool'))('are rules', () => {
    expect(execFileSync('promtool', ['check', 'rules', rules], { encoding: 'utf8' })).toContain(
      '10 rules found',
    )
  })
})
