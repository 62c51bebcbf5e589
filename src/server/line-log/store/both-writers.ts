import type { LineWriter } from './store.ts'

/** Gives all to two writers. @param first its place and its losses count */
export function bothWriters(
  first: LineWriter,
  second: Pick<LineWriter, 'append' | 'mark' | 'close'>,
): LineWriter {
  return {
    get end() {
      return first.end
    },
    get lost() {
      return first.lost
    },
    get losing() {
      return first.losing
    },
    append(bytes, time) {
      first.append(bytes, time)
      second.append(bytes, time)
    },
    mark(mark, time) {
      first.mark(mark, time)
      second.mark(mark, time)
    },
    close() {
      first.close()
      second.close()
    },
  }
}
