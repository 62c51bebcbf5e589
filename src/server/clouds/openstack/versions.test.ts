import { describe, expect, it } from 'vitest'
import { at, cause, id, start } from '../../../testing/clouds/openstack.ts'
import { projectId, server298, versions } from '../../../testing/clouds/openstack-answers.ts'

describe('where the API is', () => {
  const cases: [string, string | null, string, string | null][] = [
    ['/v2.1', '2.100', '/v2.1', '2.98'],
    [`/v2.1/${projectId}`, '2.60', `/v2.1/${projectId}`, '2.60'],
    ['/compute/v2.1/', '2.98', '/compute/v2.1', '2.98'],
    [`/compute/v2.1/${projectId}`, '2.97', `/compute/v2.1/${projectId}`, '2.97'],
    [`/v2/${projectId}`, '', `/v2/${projectId}`, null],
    ['/v2.1', null, '/v2.1', null],
    ['', '2.87', '/v2.1', '2.87'],
    ['/compute', '2.87', '/compute/v2.1', '2.87'],
  ]
  it.each(cases)('%s with %s', async (path, newest, base, microversion) => {
    const { cloud, asked } = await start(
      (request) => (request.path.includes('/servers/') ? { body: { server: server298 } } : undefined),
      { path, newest },
    )
    await cloud.getServer(id)
    expect(asked()[0]).toMatchObject({ path: `${base}/servers/${id}`, headers: at(microversion) })
    await cloud.getServer(id)
    expect(asked()).toHaveLength(2)
  })

  it('says it with the older header, and with the project in the path, where the cloud is old', async () => {
    const { cloud, asked } = await start(
      (request) => (request.path.includes('/servers/') ? { body: { server: server298 } } : undefined),
      { path: '', newest: '2.12' },
    )
    await cloud.getServer(id)
    expect(asked()[0]).toEqual({
      method: 'GET',
      path: `/v2.1/${projectId}/servers/${id}`,
      headers: { ...at(null), 'x-openstack-nova-api-version': '2.12' },
      body: '',
    })
  })

  it('is the old API where there is no 2.1', async () => {
    const { cloud, asked } = await start(
      ({ path }) => {
        if (path === '/') return { body: { versions: versions('').versions.slice(0, 1) } }
        return { body: { server: server298 } }
      },
      { path: '' },
    )
    await cloud.getServer(id)
    expect(asked()[0]).toMatchObject({ path: `/v2/${projectId}/servers/${id}`, headers: at(null) })
  })

  it('is asked for again after the cloud was away', async () => {
    let away = true
    const { cloud } = await start(({ path }) => {
      if (path.includes('/servers/')) return { body: { server: server298 } }
      return away ? { status: 503 } : undefined
    })
    expect(await cause(cloud.getServer(id))).toBe('cloud-error')
    away = false
    expect(await cause(cloud.getServer(id))).toBe('no error')
  })
})
