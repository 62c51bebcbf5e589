import type { EncodingName } from '../../settings/line-encoding.ts'

export type DoubleByteName = Extract<EncodingName, 'gbk' | 'big5' | 'shift_jis' | 'euc-kr'>

interface Rules {
  /** Whether two bytes with this first one may be sent. What is left out, other machines do not know, or have twice. */
  sends?: (lead: number) => boolean
  /** Characters that have two places, and whose last one counts */
  last?: string
  /** Characters that are sent as another one's byte is */
  also?: Record<string, number>
}

/** As browsers encode a form in that encoding. https://encoding.spec.whatwg.org/#legacy-multi-byte-chinese-(simplified)-encoders */
const rules: Record<DoubleByteName, Rules> = {
  gbk: { also: { '€': 0x80 } },
  // The extension for Hong Kong comes before the characters that each Big5 has.
  big5: { sends: (lead) => lead >= 0xa1, last: '═╞╡╪十卅' },
  shift_jis: {
    // NEC's second copy of IBM's characters, and the places for a company's own
    sends: (lead) => lead !== 0xed && lead !== 0xee && !(lead >= 0xf0 && lead <= 0xf9),
    also: { '¥': 0x5c, '‾': 0x7e, '−': 0x817c },
  },
  'euc-kr': {},
}

const made = new Map<DoubleByteName, ReadonlyMap<string, number>>()

/** @returns the bytes of each character beyond ASCII, as one number. Browsers only decode, so it is made of that once. */
export function bytesByCharacter(name: DoubleByteName): ReadonlyMap<string, number> {
  const before = made.get(name)
  if (before) return before
  const table = reversed(name)
  made.set(name, table)
  return table
}

const FIRST_LEAD = 0x81
const [FIRST_TRAIL, LAST_TRAIL] = [0x40, 0xfe]
const LF = 0x0a

function reversed(name: DoubleByteName): Map<string, number> {
  const { sends = () => true, last = '', also = {} } = rules[name]
  const table = new Map<string, number>()
  const decoder = new TextDecoder(name)
  const add = (character: string | undefined, code: number) => {
    // Not one character: the bytes are none, or two.
    if (character === undefined || !/^[^\0-\x9f\ufffd]$/u.test(character)) return
    if (!table.has(character) || last.includes(character)) table.set(character, code)
  }
  for (let lead = FIRST_LEAD; lead <= 0xfe; lead++) {
    add(decoder.decode(Uint8Array.of(lead)), lead)
    if (!sends(lead)) continue
    // One call for all with this first byte. No second byte is a line feed, so each is read by itself.
    const pairs: number[] = []
    for (let trail = FIRST_TRAIL; trail <= LAST_TRAIL; trail++) pairs.push(lead, trail, LF)
    const characters = decoder.decode(Uint8Array.from(pairs)).split('\n')
    for (let trail = FIRST_TRAIL; trail <= LAST_TRAIL; trail++) {
      add(characters[trail - FIRST_TRAIL], (lead << 8) | trail)
    }
  }
  for (const [character, code] of Object.entries(also)) table.set(character, code)
  return table
}
