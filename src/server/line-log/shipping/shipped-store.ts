import type { LineRef, LineStore, LineWriter } from '../store/store.ts'
import type { Shipper } from './shipper.ts'

/** A store that ships what it is given, too. */
export function shippedStore(store: LineStore, shipper: Shipper): LineStore {
  return {
    // What others kept of it was shipped by them.
    open: async (line, left) => shippedWriter(await store.open(line, left), line, shipper),
    tail: (serverId, most) => store.tail(serverId, most),
    lines: () => store.lines(),
    reader: (serverId) => store.reader(serverId),
    async close() {
      await store.close()
      await shipper.close()
    },
  }
}

function shippedWriter(writer: LineWriter, line: LineRef, shipper: Shipper): LineWriter {
  const shipped = shipper.open(line)
  return {
    get end() {
      return writer.end
    },
    get lost() {
      return writer.lost
    },
    get losing() {
      return writer.losing
    },
    append(bytes, time) {
      writer.append(bytes, time)
      shipped.append(bytes, time)
    },
    mark(mark, time) {
      writer.mark(mark, time)
      shipped.mark(mark, time)
    },
    close() {
      writer.close()
      shipped.close()
    },
  }
}
