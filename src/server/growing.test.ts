import { expect, it } from 'vitest'
import { Growing } from './growing.ts'

interface Item {
  at: number
}

const all = async (growing: Growing<Item>) => {
  const items: number[] = []
  for await (const { at } of growing.follow()) items.push(at)
  return items
}

it('gives all of it to whoever follows, whenever they come', async () => {
  const growing = new Growing<Item>()
  const early = all(growing)
  growing.add({ at: 1 })
  const between = all(growing)
  growing.add({ at: 2 })
  growing.add({ at: 3 })
  growing.end()
  expect(await early).toEqual([1, 2, 3])
  expect(await between).toEqual([1, 2, 3])
  expect(await all(growing)).toEqual([1, 2, 3])
})

it('gives what came before a failure, and then the failure', async () => {
  const growing = new Growing<Item>()
  const items = growing.follow()
  growing.add({ at: 1 })
  growing.fail(new Error('the cloud is gone'))
  expect((await items.next()).value).toEqual({ at: 1 })
  await expect(items.next()).rejects.toThrow('the cloud is gone')
  await expect(all(growing)).rejects.toThrow('the cloud is gone')
})

it('ends for whoever leaves', async () => {
  const growing = new Growing<Item>()
  const items = growing.follow()
  growing.add({ at: 1 })
  await items.next()
  await items.return()
  growing.add({ at: 2 })
  expect((await items.next()).done).toBe(true)
})
