import { rm } from 'node:fs/promises'
import path from 'node:path'
import { prepareImage } from '../../../sandbox/machines/linux-image.ts'
import { qemuArguments } from '../../../sandbox/machines/linux-machine.ts'
import { account } from '../../../sandbox/machines/machine.ts'
import type { ScreenSize } from '../screens.ts'
import { initrdWithPrograms } from './programs-initrd.ts'
import { documents, type Scenario } from './scenarios.ts'
import { SerialLine } from './serial-line.ts'

const PROMPT = 'root@web-fra-01:~# '

/** A Linux under QEMU, somebody logged in on its serial line */
export class RecordedLinux {
  readonly #line: SerialLine
  readonly #folder: string

  private constructor(line: SerialLine, folder: string) {
    this.#line = line
    this.#folder = folder
  }

  static async boot(): Promise<RecordedLinux> {
    const image = await prepareImage()
    const initrd = await initrdWithPrograms(image.initrd, documents)
    const line = new SerialLine([...qemuArguments({ ...image, initrd }, 'web-fra-01'), '-m', '512'])
    await line.hear('login:')
    await line.press(`${account.user}\r`)
    await line.press(`${account.password}\r`)
    await line.press(`export PATH=/opt/bin:$PATH LANG=C.UTF-8 PS1='${PROMPT}'\r`)
    return new RecordedLinux(line, path.dirname(initrd))
  }

  /** @returns what the line said from the program's start until somebody had pressed its keys */
  async record({ term, command, keys, quit }: Scenario, size: ScreenSize): Promise<Buffer> {
    const line = this.#line
    line.answerAs(size)
    await line.press(`export TERM=${term}; stty rows ${size.rows} cols ${size.cols}; clear\r`)
    line.forget()
    await line.press(`${command}\r`, 3_000)
    for (const key of keys) await line.press(key)
    const { heard } = line
    for (const key of quit) await line.press(key)
    line.forget()
    line.type('\r')
    await line.hear(PROMPT)
    return heard
  }

  async end(): Promise<void> {
    await this.#line.end()
    await rm(this.#folder, { recursive: true })
  }
}
