import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { endpointVariable } from './clouds/huawei/endpoints.ts'
import { allVariables } from './config.ts'

const page = readFileSync(new URL('../../docs/configuration.md', import.meta.url), 'utf8')

/** Each variable in the first column of the tables, and whether it is marked as one that may come from a file. */
const documented = page
  .split('\n')
  .filter((line) => line.startsWith('| `'))
  .flatMap((row) => [...(row.split('|')[1] ?? '').matchAll(/`([^`]+)`( ◆)?/g)])
  .map(([, name = '', mark]) => ({ name, secret: mark !== undefined }))

/** Read elsewhere than in a table: they name a file, an entry of it, or a region. */
const others = [
  'OS_CLOUD',
  'OS_CLIENT_CONFIG_FILE',
  'OS_CLIENT_SECURE_FILE',
  ...['bms', 'ecs', 'evs', 'iam'].map((service) => endpointVariable(service, '<region>')),
].map((name) => ({ name, secret: false }))

const byName = (a: { name: string }, b: { name: string }) => a.name.localeCompare(b.name)

describe('docs/configuration.md', () => {
  it('has every variable once, no other, and marks those that may come from a file', () => {
    const known = [...allVariables.map(({ name, secret }) => ({ name, secret })), ...others]
    expect(documented.toSorted(byName)).toEqual(known.toSorted(byName))
  })
})
