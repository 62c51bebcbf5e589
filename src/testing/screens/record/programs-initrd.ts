import { execFile } from 'node:child_process'
import { cp, mkdir, mkdtemp, readFile, realpath, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { promisify } from 'node:util'

const exec = promisify(execFile)

/** This computer's programs that go into the recorded machine, beside its busybox */
const programs = ['vim.basic', 'less', 'top', 'htop', 'dialog', 'whiptail']
/** What they read: descriptions of terminals, characters, how Vim colours C */
const data = [
  ...['v/vt220', 'x/xterm-256color', 'p/pcansi'],
  '/usr/lib/locale/C.utf8',
  ...['defaults.vim', 'filetype.vim', 'ftplugin.vim', 'indent.vim', 'ftplugin/c.vim', 'indent/c.vim'],
  ...['c', 'nosyntax', 'syncolor', 'synload', 'syntax'].map((name) => `syntax/${name}.vim`),
]

const folders = (name: string): string[] => {
  if (name.startsWith('/')) return [name]
  if (name.endsWith('.vim')) return [`/usr/share/vim/vim90/${name}`]
  return [`/lib/terminfo/${name}`, `/usr/share/terminfo/${name}`]
}

/**
 * Makes the sandbox's image one with more programs. A kernel unpacks several archives one after the other.
 * https://docs.kernel.org/driver-api/early-userspace/buffer-format.html
 * @param documents the files in the home folder
 * @returns the file; the caller removes its folder
 */
export async function initrdWithPrograms(initrd: string, documents: Record<string, string>): Promise<string> {
  const work = await mkdtemp(path.join(tmpdir(), 'bms-console-screens-'))
  const root = path.join(work, 'root')
  const place = (file: string) => path.join(root, file)
  await mkdir(place('/opt/bin'), { recursive: true })
  for (const name of programs) {
    const { stdout } = await exec('sh', ['-c', 'readlink -f "$(command -v "$0")"', name])
    const program = stdout.trim()
    await cp(program, place(`/opt/bin/${name.replace('.basic', '')}`))
    const { stdout: libraries } = await exec('ldd', [program])
    for (const [library] of libraries.matchAll(/\/\S+/g)) await cp(await realpath(library), place(library))
  }
  for (const name of data) {
    let found = false
    for (const file of folders(name)) {
      found ||= await cp(await realpath(file).catch(() => file), place(file), { recursive: true }).then(
        () => true,
        () => false,
      )
    }
    if (!found) throw new Error(`This computer has no ${name}.`)
  }
  await mkdir(place('/root'))
  for (const [name, text] of Object.entries(documents)) await writeFile(place(`/root/${name}`), text)

  const both = path.join(work, 'initrd.gz')
  const archive = path.join(work, 'programs.gz')
  await exec('sh', ['-c', 'find . | cpio -o -H newc -R 0:0 --quiet | gzip -1 > "$0"', archive], { cwd: root })
  await writeFile(both, Buffer.concat([await readFile(initrd), await readFile(archive)]))
  await rm(root, { recursive: true })
  return both
}
