import { screen, within } from '@testing-library/react'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { paths } from '../../shared/api.ts'
import type { Failure } from '../../shared/cause.ts'
import type { ServerActivity } from '../../shared/server-activity.ts'
import type { ServerAttachments } from '../../shared/server-attachments.ts'
import type { ConsoleCall, ServerFacts } from '../../shared/server-facts.ts'
import { testServer } from '../../testing/server.ts'
import { FakeApi } from '../../testing/web/fake-api.ts'
import { openPage } from '../../testing/web/render.tsx'
import { t } from '../../testing/web/words.ts'
import { en } from '../locales/en.ts'

const { server: words } = en
const web = testServer({
  id: 'web-1',
  name: 'web-fra-01',
  tags: ['role=web'],
  zone: 'eu-de-01',
  addresses: [{ address: '192.0.2.11', version: 4, kind: 'fixed', mac: 'fa:16:3e:00:00:01' }],
  flavor: { name: 'physical.o2', vcpus: 16, memoryMiB: 131_072, diskGiB: 1800 },
})
const facts: ServerFacts = {
  plain: { description: 'Front end', keyPair: 'ops', rootDevice: '/dev/sda', hostStatus: 'UP' },
  securityGroups: [{ name: 'default', id: 'g-1' }],
  serverGroups: [],
  certificates: [],
  disks: [{ id: 'vol-1', device: '/dev/sdb', boot: false, deletedWithServer: false }],
  nics: [
    {
      network: 'vpc-1',
      mac: 'fa:16:3e:00:00:01',
      port: 'port-1',
      addresses: [{ address: '192.0.2.11', version: 4, kind: 'fixed' }],
    },
  ],
  metadata: [
    { key: 'role', value: 'web' },
    { key: 'root_password', value: null },
  ],
  extraSpecs: [],
  schedulerHints: [],
  systemTags: [],
}
const call: ConsoleCall = { api: 'nova', base: 'https://nova.example.com/v2.1', minor: 96, region: null }
const attachments: ServerAttachments = {
  nics: {
    known: true,
    items: [
      {
        port: 'port-1',
        mac: 'fa:16:3e:00:00:01',
        network: 'net-1',
        state: 'ACTIVE',
        driver: 'hinic',
        pci: '0000:08:00.0',
        addresses: [{ address: '192.0.2.11', subnet: 'sub-1' }],
      },
    ],
  },
  volumes: {
    known: true,
    items: [
      {
        id: 'vol-1',
        device: '/dev/sdb',
        detail: { name: 'orders', sizeGiB: 2000, type: 'ssd', status: 'in-use', encrypted: true },
      },
    ],
  },
}
const nothing: ServerActivity = {
  open: null,
  visits: [],
  moreVisits: false,
  power: [],
  morePower: false,
  kept: 'file',
  complete: true,
  lost: 0,
}
const ada = { id: 'u1', name: 'Ada' }

let api: FakeApi
const activity = (change: Partial<ServerActivity>) =>
  api.answer('GET', paths.activity('web-1'), { ...nothing, ...change })
const section = (name: string) => screen.findByRole('region', { name })

beforeEach(() => {
  api = new FakeApi()
  api.answer('GET', paths.server('web-1'), { server: web, facts, call })
  api.answer('GET', paths.attachments('web-1'), attachments)
  api.answer('GET', paths.openConsoles(), { consoles: [], known: true })
  api.answer('GET', paths.lineLog('web-1'), {
    start: 0,
    end: 9,
    firstTime: '2026-03-01T12:00:00Z',
    lastTime: '2026-03-02T12:00:00Z',
    boots: [{ offset: 4, time: '2026-03-02T11:00:00Z', ended: 'panic' }],
    moreBoots: false,
    marks: [],
  })
  api.answer('GET', '/api/recordings', { recordings: [], page: 1, hasMore: false, servers: [] })
  activity({})
})

describe('the facts', () => {
  it('are all there, and what the cloud does not say is left out', async () => {
    await openPage('/servers/web-1')
    const overview = await section(words.sections.overview)
    for (const fact of ['web-1', 'Front end', 'ops', '16 CPUs', '128 GiB', 'physical.o2'])
      expect(overview).toHaveTextContent(fact)
    expect(overview).not.toHaveTextContent(words.facts.lockedReason)
    expect(overview).not.toHaveTextContent(words.region)
    expect(await section(words.sections.placement)).toHaveTextContent('UP')
    const network = await section(words.sections.network)
    for (const fact of ['fa:16:3e:00:00:01', 'port-1', '192.0.2.11', 'IPv4, private', 'default'])
      expect(network).toHaveTextContent(fact)
    const disks = await section(words.sections.disks)
    for (const fact of ['/dev/sda', 'vol-1', '/dev/sdb', words.dataDisk, words.kept])
      expect(disks).toHaveTextContent(fact)
  })

  it('of metadata keep back what is a secret', async () => {
    await openPage('/servers/web-1')
    const metadata = await section(words.sections.metadata)
    expect(within(metadata).getByText('root_password').parentElement).toHaveTextContent(words.keptBack)
  })

  it('can be copied, each', async () => {
    const { user } = await openPage('/servers/web-1')
    const write = vi.spyOn(navigator.clipboard, 'writeText')
    await user.click(await screen.findByRole('button', { name: t('server.copy', { what: words.mac }) }))
    expect(write).toHaveBeenLastCalledWith('fa:16:3e:00:00:01')
    expect(await screen.findByText(words.copied)).toBeInTheDocument()
  })

  it('of a cloud that tells no more than its list are those of the list', async () => {
    api.answer('GET', paths.server('web-1'), { server: web })
    await openPage('/servers/web-1')
    expect(await section(words.sections.network)).toHaveTextContent('192.0.2.11')
    expect(screen.queryByRole('region', { name: words.sections.disks })).toBeNull()
    expect(screen.queryByRole('region', { name: words.sections.api })).toBeNull()
  })

  it('say what went wrong in the cloud’s words', async () => {
    const fault = { message: 'No valid host was found.', code: 500, details: 'Traceback' }
    api.answer('GET', paths.server('web-1'), { server: web, facts: { ...facts, fault }, call })
    await openPage('/servers/web-1')
    expect(await screen.findByRole('alert')).toHaveTextContent('No valid host was found.')
    expect(screen.getByText('Traceback')).toBeInTheDocument()
  })
})

describe('what is attached', () => {
  const untold = (failure: Failure) => ({ known: false as const, failure })

  it('is asked for by the page, and adds to what the server’s own answer says', async () => {
    await openPage('/servers/web-1')
    const network = await section(words.sections.network)
    for (const fact of ['ACTIVE', 'net-1', 'hinic', '0000:08:00.0', 'subnet sub-1', 'IPv4, private'])
      await within(network).findByText(fact)
    expect(within(network).getAllByRole('heading', { level: 3 })).toHaveLength(2)
    const disks = await section(words.sections.disks)
    const row = within(disks).getByRole('row', { name: /vol-1/ })
    for (const fact of ['orders', '2,000 GiB', 'ssd', 'in-use', words.encrypted, words.dataDisk, words.kept])
      expect(row).toHaveTextContent(fact)
  })

  it('says what the cloud does not permit, by name, and shows the rest', async () => {
    const failure: Failure = { cause: 'no-permission', permission: 'volume:get' }
    api.answer('GET', paths.attachments('web-1'), {
      nics: untold({ cause: 'no-permission', permission: 'os-interface' }),
      volumes: { known: true, items: [{ id: 'vol-2' }] },
      undetailed: failure,
    })
    await openPage('/servers/web-1')
    const network = await section(words.sections.network)
    expect(await within(network).findByText(words.untold.nics, { exact: false })).toHaveTextContent(
      t('shell.permission', { permission: 'os-interface' }),
    )
    expect(network).toHaveTextContent('192.0.2.11')
    // A refusal is not asked for again and again.
    expect(within(network).queryByRole('button', { name: t('shell.tryAgain') })).toBeNull()
    const disks = await section(words.sections.disks)
    expect(disks).toHaveTextContent(words.untold.details)
    expect(disks).toHaveTextContent('volume:get')
    for (const id of ['vol-1', 'vol-2']) expect(disks).toHaveTextContent(id)
  })

  it('that fails is asked for again where that can help, and the page stays', async () => {
    api.answer('GET', paths.server('web-1'), { server: web, facts: { ...facts, disks: [] }, call })
    api.answer('GET', paths.attachments('web-1'), {
      ...attachments,
      volumes: untold({ cause: 'cloud-timeout' }),
    })
    const { user } = await openPage('/servers/web-1')
    const disks = await section(words.sections.disks)
    await within(disks).findByText(words.untold.volumes, { exact: false })
    // Nobody is told that there are none.
    expect(disks).not.toHaveTextContent(words.noVolumes)
    api.answer('GET', paths.attachments('web-1'), attachments)
    await user.click(within(disks).getByRole('button', { name: t('shell.tryAgain') }))
    await within(disks).findByText('orders')
    expect(disks).not.toHaveTextContent(words.untold.volumes)
  })

  it('is not asked for where the cloud tells no more than its list', async () => {
    api.answer('GET', paths.server('web-1'), { server: web })
    await openPage('/servers/web-1')
    await section(words.sections.network)
    expect(api.asked.filter(({ path }) => path === paths.attachments('web-1'))).toEqual([])
  })
})

describe('the console’s history', () => {
  it('says who was there, how, and how it ended', async () => {
    activity({
      open: { openMs: 720_000, watched: false, viewers: [{ name: 'Bob', writer: true, hereMs: 60_000 }] },
      visits: [
        {
          user: ada,
          began: '2026-03-01T12:00:00Z',
          end: { how: 'left', durationMs: 60_000 },
          keyboard: 'reader',
          count: 1,
        },
        {
          user: ada,
          began: '2026-03-01T11:00:00Z',
          end: { how: 'ended', durationMs: 7_200_000, cause: 'idle-limit' },
          keyboard: 'writer',
          count: 1,
        },
        { user: ada, began: '2026-03-01T10:00:00Z', end: { how: 'direct' }, count: 1 },
      ],
    })
    await openPage('/servers/web-1')
    const part = await section(words.sections.console)
    await within(part).findByText(t('server.openFor', { time: '12 min' }))
    expect(part).toHaveTextContent(`Bob${words.hasKeyboard}`)
    const [, first, second, third] = within(part).getAllByRole('row')
    expect(first).toHaveTextContent(words.keyboards.reader)
    expect(second).toHaveTextContent(words.keyboards.writer)
    expect(second).toHaveTextContent(en.causes['idle-limit'].title)
    expect(third).toHaveTextContent(words.ends.direct)
  })

  it('says what it lacks', async () => {
    activity({ lost: 7, complete: false, kept: 'memory', away: true })
    await openPage('/servers/web-1')
    const part = await section(words.sections.console)
    await within(part).findByText(t('server.lost', { count: 7 }))
    expect(part).toHaveTextContent(words.incomplete)
    expect(part).toHaveTextContent(words.away)
    expect(part).toHaveTextContent(words.auditMemory)
  })

  it('says that nobody writes it down', async () => {
    activity({ kept: null })
    await openPage('/servers/web-1')
    expect(await screen.findAllByText(words.auditOff)).toHaveLength(2)
    expect(screen.queryByText(words.noVisits)).toBeNull()
  })

  it('shows more on request', async () => {
    api.answer('GET', paths.activity('web-1'), ({ query }: { query: URLSearchParams }) => ({
      ...nothing,
      moreVisits: query.get('take') === '10',
    }))
    const { user } = await openPage('/servers/web-1')
    await user.click(await screen.findByRole('button', { name: words.more }))
    await expect
      .poll(() => api.askedFor('GET', paths.activity('web-1')).map(({ query }) => query.get('take')))
      .toEqual(['10', '50'])
  })

  it('is not asked for by who may not read it', async () => {
    api.signedIn('viewer')
    await openPage('/servers/web-1')
    expect(await section(words.sections.console)).toHaveTextContent(words.mayNotReadVisits)
    expect(api.askedFor('GET', paths.activity('web-1'))).toEqual([])
    for (const name of [words.sections.power, words.sections.output])
      expect(screen.queryByRole('region', { name })).toBeNull()
  })
})

it('who switched the power is said with what came of it', async () => {
  activity({
    power: [
      {
        user: ada,
        time: '2026-03-01T12:00:00Z',
        action: 'hard-reboot',
        outcome: 'failed',
        cause: 'cloud-timeout',
        count: 1,
      },
      {
        user: null,
        time: '2026-03-01T11:00:00Z',
        action: null,
        outcome: 'refused',
        cause: 'role-forbids',
        count: 3,
      },
    ],
  })
  await openPage('/servers/web-1')
  const part = await section(words.sections.power)
  await within(part).findByText(en.power.actions['hard-reboot'])
  const [, first, second] = within(part).getAllByRole('row')
  expect(first).toHaveTextContent(en.causes['cloud-timeout'].title)
  expect(second).toHaveTextContent(`${words.outcomes.refused} · ${t('server.times', { count: 3 })}`)
})

it('the newest boots lead into the history', async () => {
  await openPage('/servers/web-1')
  const part = await section(words.sections.output)
  const [boot] = await within(part).findAllByRole('link', { name: /^Boot/ })
  expect(boot?.getAttribute('href')).toBe('/servers/web-1/history?from=4')
  expect(part).toHaveTextContent(words.noRecordings)
})

it('the commands have placeholders, and are copied whole', async () => {
  const { user } = await openPage('/servers/web-1')
  const write = vi.spyOn(navigator.clipboard, 'writeText')
  const part = await section(words.sections.api)
  expect(part).toHaveTextContent('openstack console url show --serial web-1')
  await user.click(
    within(part).getByRole('button', { name: t('server.copy', { what: words.calls.console.title }) }),
  )
  expect(write).toHaveBeenLastCalledWith(expect.stringContaining('-H "X-Auth-Token: $TOKEN"'))
})

describe('a server that does not come', () => {
  it.each([
    ['server-not-found', words.none.notFound.title],
    ['no-permission', words.none.forbidden.title],
    ['role-forbids', words.none.forbidden.title],
  ] as const)('because of %s is said in a page of its own', async (cause, title) => {
    api.fail('GET', paths.server('web-1'), { cause })
    await openPage('/servers/web-1')
    expect(await screen.findByRole('heading', { level: 1, name: title })).toBeVisible()
    expect(screen.getByText('web-1')).toBeVisible()
    expect(screen.getByRole('link', { name: en.shell.toList })).toBeVisible()
  })

  it('because the cloud is down can be asked for again', async () => {
    api.fail('GET', paths.server('web-1'), { cause: 'cloud-unreachable' })
    const { user } = await openPage('/servers/web-1')
    const again = await screen.findByRole('button', { name: en.shell.tryAgain }, { timeout: 10_000 })
    api.answer('GET', paths.server('web-1'), { server: web, facts, call })
    await user.click(again)
    expect(await section(words.sections.overview)).toBeVisible()
  })
})
