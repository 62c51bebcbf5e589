import { describe, expect, it, vi } from 'vitest'
import { ManualClock } from '../../../testing/clock.ts'
import { testServer } from '../../../testing/server.ts'
import { silentCloud } from '../../../testing/sign-in/identity.ts'
import { type Cloud, CloudError } from '../../clouds/cloud.ts'
import type { OpenedProject } from '../../clouds/identity-service.ts'
import { roleOf } from '../roles.ts'
import { Tenants } from './tenants.ts'

/** A project with one server. Its roles are known once it was asked, if they are not known at once. */
function project(id: string, names: string[], { late = false, where = id } = {}) {
  let known: readonly string[] | null = late ? null : names
  const server = testServer({ id: `server-${where}`, project: { id: 'as the cloud says', name: null } })
  const open = async <T>(of: string, answer: T): Promise<T> => {
    known = names
    if (of !== server.id) throw new CloudError({ cause: 'server-not-found' })
    return answer
  }
  const cloud = {
    ...silentCloud,
    listServers: vi.fn<Cloud['listServers']>(() => open(server.id, { servers: [server], missing: [] })),
    getServer: vi.fn<Cloud['getServer']>((of) => open(of, server)),
    power: vi.fn<Cloud['power']>((of) => open(of, null)),
  }
  const opened: OpenedProject = { where, project: { id, name: `name of ${id}` }, cloud, roles: () => known }
  return { cloud, opened }
}

/** With no groups configured, whoever the cloud knows is an operator. */
const operatorByDefault = (names: readonly string[]) =>
  roleOf(names, { viewer: ['reader'], operator: [], admin: ['admin'] }, 'operator')

function tenantsOf(parts: { opened: OpenedProject }[]) {
  const onSignedOut = vi.fn<() => void>()
  const opened = parts.map((part) => part.opened)
  const clock = new ManualClock()
  return { tenants: new Tenants(opened, { roleOf: operatorByDefault, onSignedOut, clock }), onSignedOut }
}

const causeOf = (promise: Promise<unknown>) =>
  promise.then(
    () => null,
    (error: unknown) => (error instanceof CloudError ? error.failure.cause : error),
  )

describe('a project that could not be opened at first', () => {
  it('gives no role until its roles are known, not even the default one', async () => {
    const [a, b] = [project('a', ['reader']), project('b', ['admin'], { late: true })]
    const { tenants } = tenantsOf([a, b])
    expect([tenants.roleIn('a'), tenants.roleIn('b'), tenants.highest]).toEqual(['viewer', null, 'viewer'])
    expect((await tenants.find('server-b')).project.id).toBe('b')
    expect([tenants.roleIn('b'), tenants.highest]).toEqual(['admin', 'admin'])
  })

  it('is not told to do anything before', async () => {
    const late = project('a', ['admin'], { late: true })
    const { tenants } = tenantsOf([late])
    const { cloud } = await tenants.find('server-a')
    expect(await causeOf(cloud.power('server-a', 'reboot'))).toBe('no-role')
    expect(late.cloud.power).not.toHaveBeenCalled()
    await tenants.cloud.listServers()
    expect(await causeOf(cloud.power('server-a', 'reboot'))).toBeNull()
  })
})

describe('the part of the cloud that has a server', () => {
  it('reaches no server of another project', async () => {
    const [a, b] = [project('a', ['reader']), project('b', ['admin'])]
    const { tenants } = tenantsOf([a, b])
    const { cloud } = await tenants.find('server-b')
    expect(await causeOf(cloud.power('server-a', 'reboot'))).toBe('server-not-found')
    expect(a.cloud.power).not.toHaveBeenCalled()
    expect((await tenants.find('server-b')).cloud).toBe(cloud)
    expect(await causeOf(tenants.find('server-z'))).toBe('server-not-found')
  })

  it('says the project that was opened, whatever the cloud says of a server', async () => {
    const { tenants } = tenantsOf([project('a', ['reader']), project('b', ['admin'])])
    const { servers } = await tenants.cloud.listServers()
    expect(servers.map(({ project, role }) => [project?.id, role])).toEqual([
      ['a', 'viewer'],
      ['b', 'admin'],
    ])
  })

  it('is another for each region of one project, with the same role', async () => {
    const regions = ['de', 'nl'].map((where) => project('a', ['admin'], { where }))
    const { tenants } = tenantsOf(regions)
    await (await tenants.find('server-nl')).cloud.power('server-nl', 'reboot')
    expect(regions.map(({ cloud }) => cloud.power.mock.calls.length)).toEqual([0, 1])
    expect(tenants.roleIn('a')).toBe('admin')
  })

  it('ends the sign-in where the cloud no longer accepts the user', async () => {
    const [a, b] = [project('a', ['admin']), project('b', ['admin'])]
    for (const { cloud } of [a, b]) cloud.getServer.mockRejectedValue(new CloudError({ cause: 'signed-out' }))
    const { tenants, onSignedOut } = tenantsOf([a, b])
    expect(await causeOf(tenants.find('server-a'))).toBe('sign-in-needed')
    expect(onSignedOut).toHaveBeenCalledOnce()
  })
})
