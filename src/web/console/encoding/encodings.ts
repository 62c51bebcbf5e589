import type { EncodingName } from '../../settings/line-encoding.ts'
import { bytesByCharacter, type DoubleByteName } from './double-bytes.ts'

type Bytes = Uint8Array<ArrayBuffer>

/** Reads a stream that may be cut anywhere. */
interface StreamDecoder {
  decode(bytes: Uint8Array): string
  /** The stream ends here. @returns what half a character at its end becomes */
  end(): string
}

/** How a line's bytes are characters, both ways. */
export interface LineEncoding {
  readonly name: EncodingName
  decoder(): StreamDecoder
  /** Null where it lacks a character: then nothing may be sent. A replacement would be a character that nobody typed. */
  encode(text: string): Bytes | null
  /** @returns the characters that it lacks, each once */
  lacking(text: string): string
}

/** @returns what the bytes say, when they are all there */
export function readWhole(encoding: LineEncoding, bytes: Uint8Array): string {
  const decoder = encoding.decoder()
  return decoder.decode(bytes) + decoder.end()
}

const encoder = new TextEncoder()

export const utf8: LineEncoding = {
  name: 'utf-8',
  decoder: () => streamOf(new TextDecoder()),
  encode: (text) => encoder.encode(text),
  lacking: () => '',
}

function streamOf(decoder: TextDecoder): StreamDecoder {
  return {
    decode: (bytes) => decoder.decode(bytes, { stream: true }),
    end: () => decoder.decode(),
  }
}

/** Characters of which none is outside of the first plane, in the order of their bytes from 0x80 on */
function singleByte(name: EncodingName, upper: string): LineEncoding {
  const characters = Uint16Array.from({ length: 256 }, (_, byte) =>
    byte < 0x80 ? byte : upper.charCodeAt(byte - 0x80),
  )
  const utf16 = new TextDecoder('utf-16le', { ignoreBOM: true })
  const decoder: StreamDecoder = {
    decode: (bytes) => utf16.decode(Uint16Array.from(bytes, (byte) => characters[byte] ?? 0)),
    end: () => '',
  }
  const bytes = new Map(Array.from(upper, (character, index) => [character, index + 0x80]))
  return { name, decoder: () => decoder, ...encodingBy(() => bytes) }
}

/** No character of these is a C1 control, so one is line noise: read as a control, it would hide what follows. */
const C1 = /[\x80-\x9f]/g

function doubleByte(name: DoubleByteName): LineEncoding {
  return {
    name,
    decoder() {
      const stream = streamOf(new TextDecoder(name))
      return { decode: (bytes) => stream.decode(bytes).replace(C1, '\ufffd'), end: () => stream.end() }
    },
    ...encodingBy(() => bytesByCharacter(name)),
  }
}

/** @param table the bytes of each character beyond ASCII, as a number */
function encodingBy(table: () => ReadonlyMap<string, number>): Pick<LineEncoding, 'encode' | 'lacking'> {
  return {
    encode(text) {
      const bytes: number[] = []
      for (const character of composed(text)) {
        if (character < '\x80') {
          bytes.push(character.charCodeAt(0))
          continue
        }
        const code = table().get(character)
        if (code === undefined) return null
        if (code > 0xff) bytes.push(code >> 8)
        bytes.push(code & 0xff)
      }
      return Uint8Array.from(bytes)
    },
    lacking(text) {
      const lacks = (character: string) => character >= '\x80' && !table().has(character)
      return [...new Set(composed(text))].filter(lacks).join('')
    },
  }
}

/** A Mac pastes accents behind their letters. No encoding but UTF-8 has them alone. */
const composed = (text: string) => text.normalize('NFC')

/**
 * What serial users mean by it: the bytes from 0x80 to 0x9F are the controls of an 8-bit terminal, as HP-UX, Solaris and
 * VMS send them. Browsers take the name for windows-1252, which has quotation marks there.
 * https://encoding.spec.whatwg.org/#names-and-labels
 */
const LATIN_1 = String.fromCharCode(...Array.from({ length: 128 }, (_, index) => index + 0x80))

/** The upper half. Below it are the controls and ASCII, since a serial line needs its controls. */
const CP437 =
  'ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜ¢£¥₧ƒáíóúñÑªº¿⌐¬½¼¡«»░▒▓│┤╡╢╖╕╣║╗╝╜╛┐└┴┬├─┼╞╟╚╔╩╦╠═╬╧╨╤╥╙╘╒╓╫╪┘┌█▄▌▐▀αßΓπΣσµτΦΘΩδ∞φε∩≡±≥≤⌠⌡÷≈°∙·√ⁿ²■\u00a0'

const all: Record<EncodingName, LineEncoding> = {
  'utf-8': utf8,
  'iso-8859-1': singleByte('iso-8859-1', LATIN_1),
  gbk: doubleByte('gbk'),
  big5: doubleByte('big5'),
  shift_jis: doubleByte('shift_jis'),
  'euc-kr': doubleByte('euc-kr'),
  cp437: singleByte('cp437', CP437),
}

/** @param name null: nobody chose one */
export const encodingOf = (name: EncodingName | null): LineEncoding => all[name ?? 'utf-8']
