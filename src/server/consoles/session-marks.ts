import { randomBytes } from 'node:crypto'
import { type LineMark, MAX_MARKS, type ViewerMessage } from '../../shared/relay-protocol.ts'
import { visibleName } from '../../shared/visible.ts'
import type { LineLog } from '../line-log/line-log.ts'

/** The lines that people have marked. All viewers see them, and the line's log keeps them, where there is one. */
export class SessionMarks {
  readonly #log: Pick<LineLog, 'end' | 'note' | 'notes'>
  #marks: readonly LineMark[]

  constructor(log: Pick<LineLog, 'end' | 'note' | 'notes'>) {
    this.#log = log
    this.#marks = log.notes
  }

  /** In the order of their lines */
  get all(): readonly LineMark[] {
    return this.#marks
  }

  /** @returns the line that got or lost a mark; null: nothing has changed */
  change(message: Extract<ViewerMessage, { type: 'mark' | 'unmark' }>, by: string): number | null {
    if (message.type === 'unmark') return this.remove(message.id, by)
    return this.set(message.at, message.text, by) ? message.at : null
  }

  /**
   * Marks the line that begins at this offset. A line has one mark, so this takes the place of another.
   * @returns whether there was room for it
   */
  set(at: number, text: string, by: string): boolean {
    const others = this.#marks.filter((mark) => mark.at !== at)
    if (others.length >= MAX_MARKS || at > this.#log.end) return false
    for (const mark of this.#marks) if (mark.at === at) this.remove(mark.id, by)
    // Names and texts go to other people's pages, and to files.
    const mark = { id: randomBytes(9).toString('base64url'), at, text: visibleName(text.trim()), by }
    this.#marks = [...others, mark].sort((one, other) => one.at - other.at)
    const { at: line, ...rest } = mark
    this.#log.note({ kind: 'note', line, ...rest })
    return true
  }

  /** @returns the line of the mark that is gone; null: there was none */
  remove(id: string, by: string): number | null {
    const mark = this.#marks.find((one) => one.id === id)
    if (!mark) return null
    this.#marks = this.#marks.filter((one) => one !== mark)
    this.#log.note({ kind: 'note-gone', id, by })
    return mark.at
  }
}
