import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Guard } from '../../../shared/guard/guard.ts'
import { lineEncodings } from '../../settings/line-encoding.ts'
import { encodingOf, readWhole } from './encodings.ts'

const samples = {
  'utf-8': 'Příliš 日本 🚀 ─│┌',
  'iso-8859-1': 'Fährte, ça, ½ ÿ ¿',
  gbk: '简体中文，功能：乗 €，一丁',
  big5: '繁體中文：功許蓋，十',
  shift_jis: '日本語：表示ソフト、ｱｲｳ',
  'euc-kr': '한국어 콘솔 가각',
  cp437: '┌─┐│░▒▓█ ÄÖÜ ñ ≡±≥≤ ß π ■',
} as const

const bytesOf = (name: keyof typeof samples, text: string) => {
  const bytes = encodingOf(name).encode(text)
  if (!bytes) throw new Error(`${name} lacks something of ${text}`)
  return bytes
}

/** Halves of a pair, the mark of the byte order, and what Japanese keyboards have in the place of ASCII */
const OTHERS = /[\ud800-\udfff\ufeff¥‾−]/

const hex = (bytes: Uint8Array | null) => bytes && Buffer.from(bytes).toString('hex')

describe.each(lineEncodings)('%s', (name) => {
  const encoding = encodingOf(name)

  it('reads what it wrote, wherever the stream is cut', () => {
    const characters = [...samples[name], ...'az \\{}|~\r\n\t\x1b[1;31m']
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom(...characters), { maxLength: 60 }),
        fc.array(fc.nat({ max: 120 }), { maxLength: 12 }),
        (parts, cuts) => {
          const text = parts.join('')
          const bytes = bytesOf(name, text)
          const decoder = encoding.decoder()
          let read = ''
          let from = 0
          for (const cut of [...cuts.filter((at) => at < bytes.length).sort((a, b) => a - b), bytes.length]) {
            read += decoder.decode(bytes.subarray(from, cut))
            from = cut
          }
          expect(read + decoder.end()).toBe(text)
        },
      ),
    )
  })

  it('reads each character that it can write', () => {
    const characters = Array.from({ length: 0xff60 }, (_, at) => String.fromCharCode(at + 0xa0)).filter(
      (character) => !OTHERS.test(character) && character.normalize('NFC') === character,
    )
    const lacking = new Set(encoding.lacking(characters.join('')))
    const text = characters.filter((character) => !lacking.has(character)).join('\n')
    const read = readWhole(encoding, bytesOf(name, text)).split('\n')
    const wrong = text.split('\n').filter((character, at) => read[at] !== character)
    expect(wrong).toEqual([])
  })

  it('leaves ASCII and its controls as they are', () => {
    const codes = Array.from({ length: 128 }, (_, code) => code)
    // Node reads these three of Shift_JIS as IBM's mainframes did. Browsers do not.
    const ascii = String.fromCharCode(
      ...codes.filter((code) => name !== 'shift_jis' || ![0x1a, 0x1c, 0x7f].includes(code)),
    )
    expect(hex(encoding.encode(ascii))).toBe(hex(new TextEncoder().encode(ascii)))
    expect(readWhole(encoding, new TextEncoder().encode(ascii))).toBe(ascii)
  })

  it('never takes the escape behind half a character', () => {
    const noise = Uint8Array.of(...bytesOf(name, samples[name]).subarray(0, 1), 0x1b, 0x5b, 0x41)
    expect(readWhole(encoding, noise)).toMatch(/\x1b\[A$/)
  })
})

describe('encodings', () => {
  it.each([
    ['iso-8859-1', 'Ä', 'c4'],
    ['gbk', '中文€', 'd6d0cec480'],
    ['big5', '中文十', 'a4a4a4e5a451'],
    ['big5', '功', 'a55c'],
    ['shift_jis', '表ｱ', '955cb1'],
    ['shift_jis', '¥', '5c'],
    ['euc-kr', '한글', 'c7d1b1db'],
    ['cp437', '┌─┐Ä', 'dac4bf8e'],
  ] as const)('%s writes %s as other programs do', (name, text, bytes) => {
    expect(hex(encodingOf(name).encode(text))).toBe(bytes)
  })

  it.each([
    ['iso-8859-1', 'Preis: 5 € 😀 €', '€😀'],
    ['gbk', '中文🚀', '🚀'],
    ['cp437', '日┌本', '日本'],
    ['shift_jis', '한', '한'],
  ] as const)('%s refuses a text as a whole, and says what it lacks', (name, text, lacking) => {
    expect(encodingOf(name).encode(text)).toBeNull()
    expect(encodingOf(name).lacking(text)).toBe(lacking)
  })

  it('writes an accent that came behind its letter', () => {
    expect(hex(encodingOf('iso-8859-1').encode('a\u0308'))).toBe('e4')
  })

  it.each(['gbk', 'big5', 'shift_jis', 'euc-kr', 'cp437'] as const)(
    'no byte of %s becomes a control beyond ASCII',
    (name) => {
      const all = Uint8Array.from({ length: 256 * 256 * 2 }, (_, at) => (at % 2 ? at >> 1 : at >> 9) & 0xff)
      expect(readWhole(encodingOf(name), all)).not.toMatch(/[\x80-\x9f]/)
    },
  )

  it('the controls of an 8-bit terminal stay controls in ISO-8859-1', () => {
    expect(readWhole(encodingOf('iso-8859-1'), Uint8Array.of(0x9b, 0x31, 0x6d))).toBe('\x9b1m')
  })

  it.each([
    ['gbk', '乗乕乘功'],
    ['shift_jis', '表ソ能予'],
    ['cp437', 'Çéæ¢áÅ¥₧ƒ'],
  ] as const)('the guard takes no byte of %s for the beginning of a sequence', (name, text) => {
    const guard = new Guard(() => ({ cols: 80, rows: 24 }))
    const decoder = encodingOf(name).decoder()
    let shown = ''
    for (const byte of bytesOf(name, `${text}\x1b[1m${text}`)) {
      shown += guard.push(decoder.decode(Uint8Array.of(byte)))
    }
    expect(shown).toBe(`${text}\x1b[1m${text}`)
    expect([guard.holding, guard.skipped]).toEqual([false, 0])
  })
})
