import { describe, expect, it } from 'vitest'
import { ManualClock } from '../../testing/clock.ts'
import { GatewayPulse } from './gateway-pulse.ts'

/** A pulse, and a gateway that answers its pings when the test says so. */
function start() {
  const clock = new ManualClock()
  const pings: string[] = []
  const proofs: string[] = []
  const silent: string[] = []
  const pulse = new GatewayPulse({
    clock,
    ping: (payload) => void pings.push(String(payload)),
    onProved: (count, proof) => void proofs.push(`${count} ${proof}`),
    onSilent: (detail) => {
      silent.push(detail)
      pulse.stop()
    },
  })
  pulse.start()
  /** Bytes go to the gateway, and the ping that proves them, if none is under way. */
  const hand = (bytes: number) => {
    pulse.handed(bytes)
    pulse.turnEnds()
    clock.advance(10)
  }
  /** The gateway answers the newest ping. */
  const answer = () => {
    pulse.heard()
    pulse.pong(Buffer.from(pings.at(-1) ?? ''))
  }
  return { clock, pings, proofs, silent, pulse, hand, answer }
}

describe('a gateway’s pulse', () => {
  it('has one ping under way at a time, and the next one covers all that was sent meanwhile', () => {
    const { clock, pings, proofs, hand, answer } = start()
    hand(3)
    hand(4)
    expect(pings).toEqual(['0'])
    answer()
    clock.advance(10)
    expect(pings).toEqual(['0', '7'])
    hand(1)
    answer()
    expect(proofs).toEqual(['7 pong'])
    clock.advance(10)
    expect(pings).toEqual(['0', '7', '8'])
    answer()
    hand(2)
    expect(pings).toEqual(['0', '7', '8', '10'])
  })

  it('has keys that come together share a ping', () => {
    const { clock, pulse, pings, answer } = start()
    answer()
    for (let key = 0; key < 100; key++) pulse.handed(1)
    pulse.turnEnds()
    expect(pings).toEqual(['0'])
    clock.advance(10)
    expect(pings).toEqual(['0', '100'])
  })

  it('pings right behind a key, and again 10 ms later at the earliest', () => {
    const { clock, pulse, pings, answer } = start()
    answer()
    clock.advance(10)
    pulse.handed(1)
    expect(pings).toEqual(['0'])
    pulse.turnEnds()
    expect(pings).toEqual(['0', '1'])
    answer()
    pulse.turnEnds()
    pulse.handed(1)
    pulse.turnEnds()
    clock.advance(9)
    expect(pings).toEqual(['0', '1'])
    clock.advance(1)
    expect(pings).toEqual(['0', '1', '2'])
  })

  it('takes no answer that was not asked for', () => {
    const { pulse, proofs, hand } = start()
    pulse.pong(Buffer.from('0'))
    hand(5)
    for (const forged of ['0', '6', '', 'x']) pulse.pong(Buffer.from(forged))
    expect(proofs).toEqual([])
  })

  it('pings a quiet line every 15 s', () => {
    const { clock, pings, answer } = start()
    answer()
    for (let count = 0; count < 10; count++) {
      clock.advance(15_000)
      expect(pings).toHaveLength(2 + count)
      answer()
    }
  })

  it('says that bytes were written where no ping is answered within 2 s', () => {
    const { clock, pulse, pings, proofs, hand } = start()
    hand(5)
    pulse.written(3)
    clock.advance(1_989)
    expect(proofs).toEqual([])
    clock.advance(1)
    expect(proofs).toEqual(['3 written'])
    pulse.written(2)
    expect(proofs).toEqual(['3 written', '5 written'])
    // It still keeps the line open for whoever cuts idle ones.
    clock.advance(60_000)
    expect(pings.length).toBeGreaterThanOrEqual(4)
  })

  it('decides nothing about a gateway while it does not read, nor right after', () => {
    const { clock, pulse, proofs, hand, answer } = start()
    pulse.pause(true)
    hand(5)
    pulse.written(5)
    clock.advance(5_000)
    pulse.pause(false)
    clock.advance(1_999)
    expect(proofs).toEqual([])
    answer()
    clock.advance(10)
    answer()
    expect(proofs).toEqual(['5 pong'])
  })

  it('decides in the end where it reads only now and then', () => {
    const { clock, pulse, proofs, hand } = start()
    hand(5)
    pulse.written(5)
    for (let turn = 0; turn < 40; turn++) {
      pulse.pause(turn % 2 === 0)
      clock.advance(100)
    }
    pulse.pause(false)
    clock.advance(2_000)
    expect(proofs).toEqual(['5 written'])
  })

  it('decides nothing about a gateway because this process stood still', () => {
    const { clock, pulse, proofs, hand, answer } = start()
    hand(5)
    pulse.written(5)
    clock.stall(60_000)
    expect(proofs).toEqual([])
    answer()
    clock.advance(10)
    answer()
    expect(proofs).toEqual(['5 pong'])
  })

  it('believes a late answer, and asks for proofs from then on', () => {
    const { clock, pulse, pings, proofs, hand, answer } = start()
    clock.advance(2_000)
    answer()
    hand(2)
    pulse.written(2)
    expect(proofs).toEqual([])
    expect(pings.at(-1)).toBe('2')
    answer()
    expect(proofs).toEqual(['2 pong'])
  })

  it('gives a gateway that answered before 25 s for the next answer', () => {
    const { clock, silent, answer } = start()
    answer()
    clock.advance(15_000 + 24_999)
    expect(silent).toEqual([])
    clock.advance(1)
    expect(silent).toEqual(['The gateway answered no ping for 25 s.'])
  })

  it('knows a gateway that vanished within 45 s, whenever that happens', () => {
    for (let after = 0; after <= 60_000; after += 500) {
      const { clock, pings, silent, answer } = start()
      let answered = 0
      for (let passed = 0; passed < after; passed += 500) {
        while (answered < pings.length) {
          answer()
          answered += 1
        }
        clock.advance(500)
      }
      answer()
      clock.advance(45_000)
      expect(silent).toHaveLength(1)
    }
  })

  it('hears what the gateway prints as a sign of life, though its answer is behind that', () => {
    const { clock, pulse, silent, hand, answer } = start()
    answer()
    hand(1)
    for (let second = 0; second < 60; second++) {
      clock.advance(1_000)
      pulse.heard()
    }
    expect(silent).toEqual([])
    clock.advance(25_000)
    expect(silent).toHaveLength(1)
  })

  it('expects no answer while it does not read, and begins anew after', () => {
    const { clock, pulse, silent, answer } = start()
    answer()
    clock.advance(15_000)
    pulse.pause(true)
    clock.advance(600_000)
    expect(silent).toEqual([])
    pulse.pause(false)
    clock.advance(24_999)
    expect(silent).toEqual([])
    clock.advance(1)
    expect(silent).toHaveLength(1)
  })

  it('gives up a gateway without pongs that takes no byte for 25 s, and waits for none that sends some', () => {
    const { clock, pulse, silent, hand } = start()
    clock.advance(600_000)
    hand(10)
    clock.advance(20_000)
    pulse.written(5)
    clock.advance(20_000)
    pulse.heard()
    clock.advance(24_999)
    expect(silent).toEqual([])
    clock.advance(1)
    expect(silent).toEqual(['The gateway took no byte for 25 s.'])
  })

  it('does not blame the gateway for the time in which this process stood still', () => {
    const { clock, silent, answer } = start()
    answer()
    clock.advance(15_000)
    clock.stall(300_000)
    expect(silent).toEqual([])
    clock.advance(24_999)
    expect(silent).toEqual([])
  })

  it('leaves no timer behind', () => {
    const { clock, pulse } = start()
    pulse.handed(1)
    pulse.stop()
    // The connection may be gone before the turn ends.
    pulse.turnEnds()
    expect(clock.pending).toBe(0)
  })
})
