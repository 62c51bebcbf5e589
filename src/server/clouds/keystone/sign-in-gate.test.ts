import { describe, expect, it } from 'vitest'
import { ManualClock } from '../../../testing/clock.ts'
import { startTestCloud, tokenAnswer } from '../../../testing/clouds/test-cloud.ts'
import { CloudError } from '../cloud.ts'
import { iamGate } from '../huawei/iam.ts'
import { openHuawei } from '../huawei/open.ts'
import { huaweiSettings } from '../huawei/settings.ts'

const refusal = (detail: string) => new CloudError({ cause: 'signed-out', detail })
const MINUTE = 60_000

function start() {
  const clock = new ManualClock()
  const gate = iamGate(clock)
  const asked: string[] = []
  const ask = (scope: string, answer: () => Promise<string>) =>
    gate.ask(scope, () => {
      asked.push(scope)
      return answer()
    })
  const refused = (scope: string) =>
    ask(scope, () => Promise.reject(refusal(scope))).then(
      () => 'let in',
      (error: CloudError) => error.message,
    )
  const letIn = (scope: string) =>
    ask(scope, async () => 'let in').catch((error: CloudError) => error.message)
  const pass = (minutes: number) => clock.advance(minutes * MINUTE)
  return { gate, ask, asked, refused, letIn, pass }
}

describe('a refused password', () => {
  it('is tried for two projects and no more, however many there are and wait', async () => {
    const { asked, refused } = start()
    const answers = await Promise.all(['a', 'b', 'c', 'd', 'e', 'f'].map(refused))
    expect(asked).toEqual(['a', 'b'])
    expect(answers).toEqual(['a', 'b', 'b', 'b', 'b', 'b'])
  })

  it('says at each answer how long it holds', async () => {
    const { gate, pass } = start()
    const wait = (scope: string) =>
      gate
        .ask(scope, () => Promise.reject(refusal(scope)))
        .then(
          () => null,
          (error: CloudError) => error.failure.retryAfter,
        )
    const own = (await wait('a')) ?? 0
    expect(own).toBe(20 * 60)
    pass(4)
    expect(await wait('a')).toBe(16 * 60)
    expect(await wait('b')).toBe(20 * 60)
    // Two refusals hold for all, until the first of them is 10 minutes old.
    expect(await wait('c')).toBe(6 * 60)
    pass(1)
    expect(await wait('c')).toBe(5 * 60)
    pass(5)
    expect(await wait('c')).toBe(20 * 60)
  })

  it('is tried less than five times in any quarter of an hour', async () => {
    const { asked, refused, pass } = start()
    const at: number[] = []
    for (let minute = 0; minute < 120; minute++) {
      const before = asked.length
      await Promise.all(['a', 'b', 'c', 'd', 'e', 'f'].map(refused))
      for (let count = before; count < asked.length; count++) at.push(minute)
      pass(1)
    }
    for (const from of at) {
      const within = at.filter((minute) => minute >= from && minute < from + 15).length
      expect(within).toBeLessThan(5)
    }
    expect(at.length).toBeGreaterThan(4)
  })

  it('holds for its own project alone, once another was let in', async () => {
    const { asked, refused, letIn, pass } = start()
    expect(await refused('a')).toBe('a')
    expect(await letIn('b')).toBe('let in')
    expect(await letIn('c')).toBe('let in')
    pass(19)
    expect(await letIn('a')).toBe('a')
    pass(1)
    expect(await letIn('a')).toBe('let in')
    expect(asked).toEqual(['a', 'b', 'c', 'a'])
  })

  it("of two projects that are not the user's does not keep the third out for ever", async () => {
    const { asked, refused, letIn, pass } = start()
    await refused('a')
    await refused('b')
    expect(await letIn('c')).toBe('b')
    pass(10)
    expect(await letIn('c')).toBe('let in')
    expect(asked).toEqual(['a', 'b', 'c'])
  })
})

describe('several projects', () => {
  it('wait for the first, then ask at once', async () => {
    const { ask, asked, letIn } = start()
    let answer = (_value: string) => {}
    const first = ask(
      'a',
      () =>
        new Promise((resolve) => {
          answer = resolve
        }),
    )
    const others = [letIn('b'), letIn('c')]
    expect(asked).toEqual(['a'])
    answer('let in')
    expect(await Promise.all([first, ...others])).toEqual(['let in', 'let in', 'let in'])
    expect(asked).toEqual(['a', 'b', 'c'])
  })

  it('do not wait behind each other where IAM is away', async () => {
    const { ask, asked } = start()
    const away = (scope: string) =>
      ask(scope, () => Promise.reject(new CloudError({ cause: 'cloud-timeout' }))).catch(String)
    await Promise.all(['a', 'b', 'c'].map(away))
    await Promise.all(['a', 'b', 'c'].map(away))
    expect(asked).toEqual(['a', 'b', 'c', 'a', 'b', 'c'])
  })

  it('ask one after the other again when a token was refused before its time', async () => {
    const { gate, asked, letIn, refused } = start()
    await letIn('a')
    gate.doubt()
    await Promise.all(['a', 'b', 'c', 'd'].map(refused))
    expect(asked).toEqual(['a', 'a', 'b'])
  })
})

it('a wrong password does not lock the user out, whatever the list of projects and how often it is looked at', async () => {
  let wrong = true
  const { endpoint, sent } = await startTestCloud(({ path }) =>
    path === '/v3/auth/tokens'
      ? wrong
        ? { status: 401, body: { error: { code: 401, message: 'Wrong.', title: 'Unauthorized' } } }
        : tokenAnswer('t')
      : { body: { count: 0, servers: [] } },
  )
  const settings = huaweiSettings(
    {
      HUAWEI_PROJECTS: ['a', 'b', 'c', 'd', 'e', 'f'].map((id) => `eu-de/${id}`).join(),
      HUAWEI_DOMAIN: 'acme',
      HUAWEI_USER: 'ops',
      HUAWEI_PASSWORD: 'wrong',
      HUAWEI_IAM_ENDPOINT: endpoint,
      HUAWEICLOUD_SDK_REGION_BMS_EU_DE: endpoint,
    },
    { kind: 'otc', credentials: 'needed', timeout: undefined },
  )
  const clock = new ManualClock()
  const cloud = openHuawei(settings, { clock })
  for (let look = 0; look < 5; look++) {
    await expect(cloud.listServers()).rejects.toMatchObject({
      failure: { cause: 'signed-out', detail: expect.stringContaining('lock the user out') },
    })
  }
  expect(sent('POST', /tokens/)).toHaveLength(2)
  wrong = false
  clock.advance(20 * MINUTE)
  expect((await cloud.listServers()).missing).toEqual([])
  expect(sent('POST', /tokens/)).toHaveLength(2 + 6)
})
