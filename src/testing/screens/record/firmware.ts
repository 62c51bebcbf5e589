import { execFile } from 'node:child_process'
import { copyFile, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { promisify } from 'node:util'
import type { ScreenSize } from '../screens.ts'
import { SerialLine } from './serial-line.ts'

const exec = promisify(execFile)
const DOWN = '\x1b[B'
const bare = ['-accel', 'tcg', '-m', '256', '-nodefaults', '-no-user-config', '-display', 'none']

async function inFolder<T>(run: (folder: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(path.join(tmpdir(), 'bms-console-screens-'))
  try {
    return await run(folder)
  } finally {
    await rm(folder, { recursive: true })
  }
}

const grubMenu = (terminal: string) => `serial --unit=0 --speed=115200
terminfo ${terminal}
terminal_input serial
terminal_output serial
set timeout=60
menuentry 'Debian GNU/Linux' { true }
menuentry 'Advanced options for Debian GNU/Linux' { true }
menuentry 'Memory test' { true }
menuentry 'Rescue system' { true }
`

/** GRUB's menu, when somebody has gone to its third entry. @param utf8 also with colours */
export async function recordGrub({ cols, rows }: ScreenSize, utf8: boolean): Promise<Buffer> {
  return inFolder(async (folder) => {
    await mkdir(path.join(folder, 'disc/boot/grub'), { recursive: true })
    const kind = utf8 ? `-g ${cols}x${rows} -u serial vt100-color` : `-g ${cols}x${rows} serial vt100`
    await writeFile(path.join(folder, 'disc/boot/grub/grub.cfg'), grubMenu(kind))
    await exec('grub-mkrescue', ['-o', 'disc.iso', 'disc'], { cwd: folder })
    const line = new SerialLine([...bare, '-cdrom', path.join(folder, 'disc.iso')])
    await line.hear('Rescue system')
    await line.press(DOWN)
    await line.press(DOWN)
    await line.end()
    return line.heard
  })
}

/** EDK2's setup for machines with UEFI, in its list of devices. It takes the terminal for a PC's, so it writes CP437. */
export async function recordUefiSetup({ cols, rows }: ScreenSize): Promise<Buffer> {
  return inFolder(async (folder) => {
    const variables = path.join(folder, 'variables.fd')
    await copyFile('/usr/share/OVMF/OVMF_VARS_4M.fd', variables)
    const flash = 'if=pflash,format=raw'
    const line = new SerialLine([
      ...bare,
      ...['-M', 'q35', '-drive', `${flash},readonly=on,file=/usr/share/OVMF/OVMF_CODE_4M.fd`],
      ...['-drive', `${flash},file=${variables}`],
    ])
    await line.hear('Shell> ')
    await line.press('')
    // The largest of its sizes that the terminal has room for
    const mode = cols >= 100 && rows >= 31 ? '100 31' : '80 25'
    await line.press(`mode ${mode}\r`)
    line.forget()
    await line.press('exit\r', 4_000)
    await line.press(DOWN)
    await line.press('\r', 3_000)
    await line.press(DOWN)
    await line.end()
    return line.heard
  })
}
