import { expect, it } from 'vitest'
import { nothingAttached, silentCloud } from '../../testing/sign-in/identity.ts'
import { ATTACHMENTS_AT_ONCE, boundedCalls, POWER_AT_ONCE } from './bounded-calls.ts'
import { CloudError } from './cloud.ts'

it('asks the cloud for few power actions at a time, the others in the order in which they came', async () => {
  const asked: string[] = []
  const answers: (() => void)[] = []
  let most = 0
  let atOnce = 0
  const cloud = boundedCalls({
    ...silentCloud,
    power(id) {
      asked.push(id)
      most = Math.max(most, ++atOnce)
      return new Promise((resolve, reject) =>
        answers.push(() => {
          atOnce -= 1
          // A refusal makes room for the next one as well.
          if (id === '1') reject(new CloudError({ cause: 'no-permission' }))
          else resolve(id)
        }),
      )
    },
  })
  const ids = Array.from({ length: 30 }, (_, index) => String(index))
  const all = Promise.allSettled(ids.map((id) => cloud.power(id, 'reboot')))
  const settled = () => new Promise<void>((done) => setImmediate(done))
  await settled()
  expect(asked).toEqual(ids.slice(0, POWER_AT_ONCE))
  while (answers.length > 0) {
    answers.shift()?.()
    await settled()
  }
  const jobs = (await all).map((one) => (one.status === 'fulfilled' ? one.value : 'refused'))
  expect(jobs).toEqual(ids.map((id) => (id === '1' ? 'refused' : id)))
  expect(asked).toEqual(ids)
  expect(most).toBe(POWER_AT_ONCE)
})

it('asks for the attachments of few servers at a time, and power does not wait for them', async () => {
  const asked: string[] = []
  const answers: (() => void)[] = []
  const cloud = boundedCalls({
    ...silentCloud,
    attachments(id) {
      asked.push(id)
      return new Promise((resolve) => answers.push(() => resolve(nothingAttached)))
    },
    power: async () => 'job',
  })
  const ids = ['a', 'b', 'c', 'd']
  const all = Promise.all(ids.map((id) => cloud.attachments(id)))
  expect(await cloud.power('a', 'reboot')).toBe('job')
  expect(asked).toEqual(ids.slice(0, ATTACHMENTS_AT_ONCE))
  while (answers.length > 0) {
    answers.shift()?.()
    await new Promise<void>((done) => setImmediate(done))
  }
  await all
  expect(asked).toEqual(ids)
})
