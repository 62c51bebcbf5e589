import { randomUUID } from 'node:crypto'
import { appendFile, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import type { ServerFixture } from '../../src/sandbox/fleet.ts'
import { prepareImage } from '../../src/sandbox/machines/linux-image.ts'
import { qemuArguments } from '../../src/sandbox/machines/linux-machine.ts'
import { freePort, type Running, run } from './tools.ts'

/** A real Linux on a real serial port, behind the library that nova-serialproxy is made of. */
export interface Lab {
  server: ServerFixture
  /** host:port of the gateway */
  gatewayHost: string
  /** A tokenized URL, as the cloud's `remote_console` gives it. */
  issueUrl(): Promise<string>
  close(): Promise<void>
}

const server: ServerFixture = {
  id: '1ab00001-7c1e-4b8e-9f53-2f60d1c3b0a9',
  name: 'lab-01',
  status: 'ACTIVE',
  osType: 'Linux',
  image: 'Debian kernel with busybox',
  hostname: 'lab-01',
  kernel: 'cloud-amd64',
  fixed: [],
  floating: null,
  zone: 'lab',
  flavor: { name: 'qemu.microvm', vcpus: 1, memoryGiB: 1, diskGiB: 0 },
  tags: [],
  behaviour: 'boots',
}

/** A machine without KVM boots in about 2 s; a busy one may take its time. */
const BOOT_LIMIT_MS = 60_000

/** Boots the machine to its login and opens the gateway. */
export async function startLab(): Promise<Lab> {
  const image = await prepareImage()
  const serialPort = await freePort()
  const machine = run('qemu-system-x86_64', [
    ...qemuArguments(image, server.hostname),
    ...['-serial', `tcp:127.0.0.1:${serialPort},server=on,wait=off`],
  ])
  const folder = await mkdtemp(path.join(tmpdir(), 'bms-console-lab-'))
  const tokens = path.join(folder, 'tokens')
  await writeFile(tokens, '', { mode: 0o600 })
  const gatewayPort = await freePort()
  const gatewayHost = `127.0.0.1:${gatewayPort}`
  const gateway = run('websockify', ['--token-plugin', 'TokenFile', '--token-source', tokens, gatewayHost])
  const close = async () => {
    await gateway.stop()
    await machine.stop()
    await rm(folder, { recursive: true, force: true })
  }
  try {
    await heard(machine, serialPort, 'login:')
    await heard(gateway, gatewayPort, '')
  } catch (error) {
    await close()
    throw error
  }
  return {
    server,
    gatewayHost,
    async issueUrl() {
      const token = randomUUID()
      // The plugin reads the file anew for every connection.
      await appendFile(tokens, `${token}: 127.0.0.1:${serialPort}\n`)
      return `http://${gatewayHost}/?token=${token}`
    },
    close,
  }
}

/** Waits until the port answers and says the words; then hangs up, since a serial port has one reader. */
export async function heard(program: Running, port: number, words: string): Promise<void> {
  const limit = AbortSignal.timeout(BOOT_LIMIT_MS)
  const listening = async () => {
    while (!limit.aborted) if (await listen(port, words, limit)) return
    throw new Error(`Port ${port} did not say “${words}” within ${BOOT_LIMIT_MS / 1000} s.`)
  }
  await Promise.race([listening(), program.ended])
}

/** @returns false when the port does not listen yet */
function listen(port: number, words: string, limit: AbortSignal): Promise<boolean> {
  return new Promise((resolve) => {
    let text = ''
    const socket = connect({ host: '127.0.0.1', port, signal: limit })
    const check = () => {
      if (text.includes(words)) socket.end(() => resolve(true))
    }
    socket.on('connect', check)
    socket.on('data', (chunk) => {
      text += chunk.toString('latin1')
      check()
    })
    // Refused: the program is still starting. Its own end is watched beside.
    socket.on('error', () => setTimeout(() => resolve(false), 50))
  })
}
