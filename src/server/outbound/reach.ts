import { type Clock, systemClock } from '../../shared/clock.ts'
import type { Dialler } from './dialler.ts'
import type { Target } from './proxies.ts'
import type { WayError } from './way-error.ts'

const CONNECT_MS = 5_000

/** Connects to a gateway and leaves. It asks for nothing, so no line is disturbed. @returns why not; null: it is there */
export function whyUnreached(
  dialler: Dialler,
  target: Target,
  clock: Clock = systemClock,
): Promise<WayError | null> {
  const dialling = dialler.dial(target)
  return new Promise((resolve) => {
    let opening: ReturnType<typeof dialling.connect>
    const cancel = clock.after(CONNECT_MS, () => {
      const late = dialling.late(CONNECT_MS)
      dialling.abandon()
      opening?.destroy()
      resolve(late)
    })
    const end = (why: WayError | null) => {
      cancel()
      resolve(why)
    }
    const watch = (socket: ReturnType<typeof dialling.connect>) => {
      if (!socket) return
      opening = socket
      const opened = () => {
        socket.destroy()
        end(null)
      }
      socket.on('error', (error) => end(dialling.failed(error)))
      // Through a proxy, a connection without TLS is there when it is handed over.
      if (!target.secure && !socket.connecting) return opened()
      socket.once(target.secure ? 'secureConnect' : 'connect', opened)
    }
    watch(
      dialling.connect((error, socket) => {
        if (error) end(dialling.failed(error))
        else watch(socket)
      }),
    )
  })
}
