import { readFile } from 'node:fs/promises'
import path from 'node:path'
import type { EncodingName } from '../../web/settings/line-encoding.ts'

export interface ScreenSize {
  cols: number
  rows: number
}

/** The sizes at which screens were recorded: a VT220's, EDK2's large one, and a VT220's wide one with the rows of an XGA. */
const screenSizes: readonly ScreenSize[] = [
  { cols: 80, rows: 24 },
  { cols: 100, rows: 31 },
  { cols: 132, rows: 43 },
]

/** A program that was recorded at each size. README.md says how. */
interface RecordedProgram {
  name: string
  /** How its line's bytes are characters */
  encoding: EncodingName
  /** It draws boxes, whose lines must join. */
  boxes: boolean
}

const program = (name: string, more: Partial<RecordedProgram> = {}): RecordedProgram => ({
  name,
  encoding: 'utf-8',
  boxes: false,
  ...more,
})

const recordedPrograms: readonly RecordedProgram[] = [
  program('busybox-vi'),
  program('busybox-top'),
  program('busybox-less'),
  program('vim'),
  program('vim-vt220'),
  program('less'),
  program('top'),
  program('htop'),
  program('dialog', { boxes: true }),
  program('dialog-vt220', { boxes: true }),
  program('dialog-cp437', { encoding: 'cp437', boxes: true }),
  program('whiptail', { boxes: true }),
  program('grub'),
  program('grub-utf8', { boxes: true }),
  program('uefi-setup', { encoding: 'cp437', boxes: true }),
]

const folder = path.join(import.meta.dirname, 'recorded')

/** @returns e.g. `vim-80x24` */
const screenName = ({ name }: RecordedProgram, { cols, rows }: ScreenSize) => `${name}-${cols}x${rows}`

/** What the program sent, to the byte */
export const streamFile = (screen: string) => path.join(folder, `${screen}.bin`)
/** What a terminal shows of it */
export const baselineFile = (screen: string) => path.join(folder, `${screen}.txt`)

/** The firmware's screen has 25 rows at least, so the smallest terminal for it has them, too. */
const sizeFor = ({ name }: RecordedProgram, size: ScreenSize): ScreenSize =>
  name === 'uefi-setup' && size.rows < 25 ? { ...size, rows: 25 } : size

export interface RecordedScreen {
  program: RecordedProgram
  size: ScreenSize
  name: string
}

export const recordedScreens: readonly RecordedScreen[] = recordedPrograms.flatMap((recorded) =>
  screenSizes.map((smallest) => {
    const size = sizeFor(recorded, smallest)
    return { program: recorded, size, name: screenName(recorded, size) }
  }),
)

export const streamOf = ({ name }: RecordedScreen): Promise<Buffer> => readFile(streamFile(name))
export const baselineOf = ({ name }: RecordedScreen): Promise<string> => readFile(baselineFile(name), 'utf8')
