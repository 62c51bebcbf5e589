import { describe, expect, it } from 'vitest'
import { type Answer, at, cause, id, start } from '../../../testing/clouds/openstack.ts'
import { remoteConsole, serialConsole } from '../../../testing/clouds/openstack-answers.ts'
import type { CannedAnswer } from '../../../testing/clouds/test-cloud.ts'

describe('the serial console', () => {
  const remote = {
    method: 'POST',
    path: `/v2.1/servers/${id}/remote-consoles`,
    headers: at('2.98'),
    body: { remote_console: { protocol: 'serial', type: 'serial' } },
  }
  const action = {
    method: 'POST',
    path: `/v2.1/servers/${id}/action`,
    headers: at(null),
    body: { 'os-getSerialConsole': { type: 'serial' } },
  }
  const consoles =
    (first: CannedAnswer, second: CannedAnswer = { body: serialConsole }): Answer =>
    ({ path }) => {
      if (path.endsWith('/remote-consoles')) return first
      return path.endsWith('/action') ? second : undefined
    }
  const fault = (name: string, code: number, message: string): CannedAnswer => ({
    status: code,
    body: { [name]: { code, message } },
  })
  const missing = fault('itemNotFound', 404, `Instance ${id} could not be found.`)

  it('is asked for as documented since 2.6', async () => {
    const { cloud, asked } = await start(consoles({ body: remoteConsole }))
    expect(await cloud.remoteConsole(id)).toBe(remoteConsole.remote_console.url)
    expect(asked()).toEqual([remote])
  })

  it.each(['2.5', ''])('is asked for by the action until 2.5: %s', async (newest) => {
    const { cloud, asked } = await start(consoles({ status: 500 }), { newest })
    expect(await cloud.remoteConsole(id)).toBe(serialConsole.console.url)
    expect(asked()).toEqual([action])
  })

  it.each([
    ['404 of the path', fault('itemNotFound', 404, 'The resource could not be found.')],
    ['404 in HTML', { status: 404, body: '<html>404 Not Found</html>' }],
    ['405', { status: 405 }],
    [
      '406',
      fault(
        'computeFault',
        406,
        'Version 2.98 is not supported by the API. Minimum is 2.1 and maximum is 2.93.',
      ),
    ],
    ['400 of the path', fault('badRequest', 400, 'Malformed request url')],
  ])('is asked for by the action where there is no other: %s', async (_name, first) => {
    const { cloud, asked } = await start(consoles(first))
    expect(await cloud.remoteConsole(id)).toBe(serialConsole.console.url)
    expect(asked()).toEqual([remote, action])
  })

  it.each<[string, CannedAnswer, string, number]>([
    ['a missing server', missing, 'server-not-found', 1],
    [
      'a server that is not ready',
      fault('conflictingRequest', 409, `Instance ${id} is not ready`),
      'server-not-ready',
      1,
    ],
    [
      'no serial console here',
      fault('badRequest', 400, 'Unavailable console type serial.'),
      'no-serial-console',
      1,
    ],
    [
      'none with this driver',
      fault('notImplemented', 501, 'The requested functionality is not supported.'),
      'no-serial-console',
      1,
    ],
    [
      'another bad request',
      fault('badRequest', 400, 'Invalid input for field/attribute protocol.'),
      'bad-request',
      1,
    ],
    ['no permission', fault('forbidden', 403, "Policy doesn't allow it."), 'no-permission', 1],
    ['a fault', fault('computeFault', 500, 'Unexpected API Error.'), 'cloud-error', 1],
    [
      'too many',
      {
        status: 413,
        headers: { 'retry-after': '30' },
        body: { overLimit: { code: 413, message: 'slow', retryAfter: '30' } },
      },
      'throttled',
      1,
    ],
    ['an answer that is not as documented', { body: { console: {} } }, 'cloud-error', 1],
  ])('that is refused has its cause: %s', async (_name, first, expected, count) => {
    const { cloud, asked } = await start(consoles(first, { status: 500 }))
    expect(await cause(cloud.remoteConsole(id))).toBe(expected)
    expect(asked()).toHaveLength(count)
  })

  it.each([
    ["Policy doesn't allow it.", 'os_compute_api:os-remote-consoles'],
    [
      "Policy doesn't allow os_compute_api:os-consoles:own to be performed.",
      'os_compute_api:os-consoles:own',
    ],
  ])('that the policy forbids names the policy: %s', async (says, permission) => {
    for (const first of [fault('forbidden', 403, says), { status: 404, body: '' }]) {
      const { cloud } = await start(consoles(first, fault('forbidden', 403, says)))
      await expect(cloud.remoteConsole(id)).rejects.toMatchObject({
        failure: { cause: 'no-permission', permission },
      })
    }
  })

  it('that is refused by the older way has its cause, too', async () => {
    for (const [answer, expected] of [
      [missing, 'server-not-found'],
      [fault('badRequest', 400, 'Unavailable console type serial.'), 'no-serial-console'],
      [{ status: 501 }, 'no-serial-console'],
    ] as const) {
      const { cloud, asked } = await start(consoles({ status: 404, body: '' }, answer))
      expect(await cause(cloud.remoteConsole(id))).toBe(expected)
      expect(asked()).toHaveLength(2)
    }
  })
})
