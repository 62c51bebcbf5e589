import { describe, expect, it } from 'vitest'
import { ManualClock } from '../../../testing/clock.ts'
import { MemoryStore } from '../../../testing/line-log.ts'
import { maskedStore } from './masked-store.ts'
import { Masks } from './masks.ts'

const line = { server: { id: 'a', name: 'db-1' }, project: null }

async function openLine() {
  const clock = new ManualClock()
  const store = new MemoryStore()
  const masked = maskedStore(store, new Masks([{ line: 1, pattern: 'password: (\\S+)' }]), clock)
  const writer = await masked.open(line)
  const say = (text: string) => writer.append(Buffer.from(text), clock.now())
  const kept = async () => (await store.line(line).read(0, 1_000)).bytes.toString()
  return { clock, store, masked, writer, say, kept }
}

describe('a store behind masks', () => {
  it('keeps what is masked, at the same offsets', async () => {
    const { masked, writer, say } = await openLine()
    say('login\r\npass')
    expect(writer.end).toBe(11)
    say('word: hunter2\r\n')
    expect(writer.end).toBe(26)
    const tail = await masked.tail('a', 100)
    expect(tail?.bytes.toString()).toBe('login\r\npassword: *******\r\n')
    expect(masked.reader('a')?.end).toBe(26)
    expect(masked.lines()).toEqual([line])
  })

  it('gets an unfinished line after a second, with the time of its last byte', async () => {
    const { clock, store, say, kept } = await openLine()
    const said = clock.now()
    say('login: ')
    clock.advance(999)
    expect(await kept()).toBe('')
    clock.advance(1)
    expect(await kept()).toBe('login: ')
    expect(await store.line(line).timeOf(0)).toBe(said)
    expect(clock.pending).toBe(0)
  })

  it('puts a mark behind what waits', async () => {
    const { clock, store, writer, say } = await openLine()
    say('password: hun')
    writer.mark({ kind: 'boot' }, clock.now())
    const [mark] = await store.line(line).marks(0, 100)
    expect(mark?.at).toBe(13)
  })

  it('gets what waits when the line is closed', async () => {
    const { clock, store, masked, writer, say, kept } = await openLine()
    say('password: hun')
    writer.close()
    expect(await kept()).toBe('password: ***')
    expect(clock.pending).toBe(0)
    await masked.open(line)
    await masked.close()
    expect(store.closed).toBe(true)
  })
})
