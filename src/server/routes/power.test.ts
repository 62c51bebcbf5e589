import { expect, it, vi } from 'vitest'
import { ApiError, paths } from '../../shared/api.ts'
import type { PowerProgress } from '../../shared/power.ts'
import { testApp } from '../../testing/app.ts'
import { testServer } from '../../testing/server.ts'
import { person, silentCloud } from '../../testing/sign-in/identity.ts'
import { type Cloud, CloudError } from '../clouds/cloud.ts'

const headers = { host: 'console.test', origin: 'https://console.test' }

async function start(cloud: Partial<Cloud>) {
  const whole = { ...silentCloud, ...cloud }
  const { app, audit } = await testApp({
    cloud: whole,
    signIn: (mode) => ({ ...mode, identify: () => person('ada', 'operator', whole) }),
  })
  const act = (action: string) =>
    app.inject({ method: 'POST', url: paths.power('web-1'), headers, payload: { action } })
  const look = (job = 'job-1') => app.inject({ url: paths.powerJob('web-1', job), headers })
  const told = () =>
    audit.events.map(({ action, outcome, cause, detail, server }) => [
      action,
      outcome,
      cause,
      detail,
      server?.id,
    ])
  const names = () => audit.events.map(({ server }) => server?.name)
  return { act, look, told, names }
}

it('answers with the job, whose end can be asked for', async () => {
  const progress: PowerProgress[] = [{ state: 'running' }, { state: 'done' }]
  const { act, look, told } = await start({
    power: async () => 'job-1',
    powerJob: async () => progress.shift() ?? { state: 'done' },
  })
  const accepted = await act('reboot')
  expect([accepted.statusCode, accepted.json()]).toEqual([202, { job: 'job-1' }])
  expect((await look()).json()).toEqual({ state: 'running' })
  expect((await look()).json()).toEqual({ state: 'done' })
  expect(told()).toEqual([['power', 'done', null, 'reboot', 'web-1']])
})

it('tells a cloud without jobs by the answer', async () => {
  const { act } = await start({ power: async () => null })
  expect((await act('nmi')).json()).toEqual({ job: null })
})

it('records that an accepted action failed, once, whoever sees it and however often', async () => {
  const failure = { cause: 'cloud-error', detail: "The cloud's job failed: no BMC" } as const
  const { act, look, told } = await start({
    power: async () => 'job-1',
    powerJob: async () => ({ state: 'failed', failure }),
  })
  await act('power-off')
  expect((await look()).json()).toEqual({ state: 'failed', failure })
  await look()
  expect(told()).toEqual([
    ['power', 'done', null, 'power-off', 'web-1'],
    ['power', 'failed', 'cloud-error', 'power-off', 'web-1'],
  ])
})

it('says when a cloud that counts requests can be asked again', async () => {
  const { act, look, told } = await start({
    power: async () => {
      throw new CloudError({ cause: 'throttled', retryAfter: 7 })
    },
    powerJob: async () => {
      throw new CloudError({ cause: 'throttled', retryAfter: 7 })
    },
  })
  for (const answer of [await act('reboot'), await look()]) {
    expect([answer.statusCode, answer.headers['retry-after']]).toEqual([429, '7'])
    expect(ApiError.parse(answer.json()).error).toMatchObject({ cause: 'throttled', retryAfter: 7 })
  }
  expect(told()).toEqual([['power', 'failed', 'throttled', 'reboot', 'web-1']])
})

it('has the server’s name in the log, also for a program that asked for no list', async () => {
  const getServer = vi.fn(async (id: string) => testServer({ id, name: 'db-7' }))
  const { act, names } = await start({ power: async () => null, getServer })
  await act('reboot')
  await act('reboot')
  expect(names()).toEqual(['db-7', 'db-7'])
  expect(getServer).toHaveBeenCalledOnce()
})

it('has the id alone in the log where the cloud does not tell the name, and acts all the same', async () => {
  const getServer = () => Promise.reject(new CloudError({ cause: 'no-permission' }))
  const { act, names } = await start({ power: async () => null, getServer })
  expect((await act('reboot')).statusCode).toBe(202)
  expect(names()).toEqual([null])
})

it('puts nothing into the path of the cloud that is no job', async () => {
  const { look } = await start({})
  expect((await look('..%2F..%2Fservers')).statusCode).toBe(400)
})
