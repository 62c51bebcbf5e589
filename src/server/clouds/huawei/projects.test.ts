import { describe, expect, it } from 'vitest'
import { answer, start } from '../../../testing/clouds/huawei.ts'
import { jobAnswer, listAnswer } from '../../../testing/clouds/huawei-answers.ts'
import type { CannedAnswer, RecordedRequest } from '../../../testing/clouds/test-cloud.ts'

const key = { HUAWEICLOUD_SDK_AK: 'AKEXAMPLE', HUAWEICLOUD_SDK_SK: 'SKEXAMPLE' }

describe('a project by its name', () => {
  const named = { ...key, HUAWEI_PROJECTS: 'eu-de_team-a' }
  const project = (id: string, name: string) => ({ id, name, enabled: true })
  const withProjects = (projects: object[]) => (request: RecordedRequest) =>
    request.path.startsWith('/v3/') ? { body: { projects } } : answer(request)

  it('is looked for once, by all who wait', async () => {
    const { cloud, iam } = await start('otc', 'eu-de', named, withProjects([project('p1', 'eu-de_team-a')]))
    await Promise.all([cloud.getServer('a'), cloud.listServers(), cloud.power('a', 'reboot')])
    await cloud.getServer('a')
    expect(iam.requests).toHaveLength(1)
  })

  it.each([
    ['is not there', [], 'IAM has no project named eu-de_team-a that these credentials may see.'],
    [
      'is not what IAM gives instead',
      [project('p1', 'eu-de_team-b')],
      'IAM has no project named eu-de_team-a that these credentials may see.',
    ],
    [
      'is there twice',
      [project('p1', 'eu-de_team-a'), project('p2', 'eu-de_team-a')],
      'IAM has several projects named eu-de_team-a: give the id of one.',
    ],
  ])('%s: says so, and asks again the next time', async (_name, projects, detail) => {
    let known: object[] = projects
    const { cloud } = await start('otc', 'eu-de', named, (request) => withProjects(known)(request))
    await expect(cloud.listServers()).rejects.toMatchObject({ failure: { cause: 'no-permission', detail } })
    known = [project('p1', 'eu-de_team-a')]
    expect((await cloud.listServers()).servers).toHaveLength(2)
  })

  it('that IAM does not give as documented is reported as such', async () => {
    const { cloud } = await start('otc', 'eu-de', named, () => ({ body: { projects: [{ id: 7 }] } }))
    await expect(cloud.listServers()).rejects.toMatchObject({
      failure: { cause: 'cloud-error', detail: "The cloud's project list is not as documented." },
    })
  })
})

it('several projects and regions are one list, and each server is asked for where it is', async () => {
  const ids = ['a'.repeat(32), 'b'.repeat(32), 'c'.repeat(32)]
  const reply = ({ path }: RecordedRequest): CannedAnswer => {
    const project = /^\/v1\/(\w+)\//.exec(path)?.[1] ?? ''
    if (project === ids[2]) return { status: 403, body: { error: { code: 'BMS.0033', message: 'No.' } } }
    const server = { ...listAnswer.servers[0], id: `server-${project[0]}` }
    if (path.endsWith('/action')) return { body: jobAnswer }
    return { body: { count: 1, servers: [server] } }
  }
  const { cloud, bms } = await start(
    'huawei',
    'eu-de',
    { ...key, HUAWEI_PROJECTS: ids.map((id) => `eu-de/${id}`).join(', ') },
    reply,
  )
  const { servers, missing } = await cloud.listServers()
  expect(servers.map(({ id, project }) => [id, project?.id])).toEqual([
    ['server-a', ids[0]],
    ['server-b', ids[1]],
  ])
  expect(missing).toEqual([
    {
      where: `eu-de / ${ids[2]}`,
      failure: { cause: 'no-permission', code: 'BMS.0033', detail: 'The cloud answered HTTP 403: No.' },
    },
  ])
  await cloud.power('server-b', 'power-on')
  expect(bms.sent('POST', /./).map(({ path }) => path)).toEqual([`/v1/${ids[1]}/baremetalservers/action`])
})
