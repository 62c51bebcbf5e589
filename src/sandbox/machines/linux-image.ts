import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { chmod, copyFile, mkdir, mkdtemp, readdir, rename, rm, symlink, writeFile } from 'node:fs/promises'
import { homedir } from 'node:os'
import path from 'node:path'
import { promisify } from 'node:util'
import { account } from './machine.ts'
import type { Command } from './tied-process.ts'

const exec = promisify(execFile)

/** What QEMU boots */
export interface LinuxImage {
  kernel: string
  initrd: string
}

/** `openssl passwd -6 -salt bmsconsole sandbox`: the hash of the account's password. */
const PASSWORD_HASH =
  '$6$bmsconsole$8mrnMV434qUJayxv1oKH1MoKFgNUUfIatHCxM6sKgC0JDz7Pum0calqcH5YKlXkZdaGzVobeWEup7BAhWvsI90'

/** The programs that `prepareImage` runs */
export const imageCommands: readonly Command[] = ['apt-get', 'dpkg', 'cpio']
/** The programs that a machine with the image needs */
export const machineCommands: readonly Command[] = ['qemu-system-x86_64', 'setpriv', 'mkfifo']

/** The machine's files beside busybox. There is a login on the serial port and nothing else. */
const files: Readonly<Record<string, string>> = {
  'etc/inittab': '::sysinit:/etc/rc\nttyS0::respawn:/bin/busybox getty -L 115200 ttyS0 vt220\n',
  'etc/rc': `#!/bin/busybox sh
/bin/busybox --install -s
mount -t proc proc /proc
mount -t sysfs sysfs /sys
mount -t devtmpfs devtmpfs /dev
hostname "$(sed -n 's/.*hostname=\\([^ ]*\\).*/\\1/p' /proc/cmdline)"
dmesg -n 4
`,
  'etc/passwd': 'root:x:0:0:root:/root:/bin/sh\n',
  'etc/group': 'root:x:0:\n',
  'etc/shadow': `${account.user}:${PASSWORD_HASH}:20000:0:99999:7:::\n`,
  'etc/issue': `A real Linux under QEMU. Sign in as ${account.user} with the password ${account.password}.\n\n`,
}

const folders = ['bin', 'sbin', 'usr/bin', 'usr/sbin', 'etc', 'proc', 'sys', 'dev', 'root', 'tmp']

/** A hash of all that goes into the image. It names the image's folder, so another recipe makes another image. */
const recipe = createHash('sha256')
  .update(JSON.stringify([files, folders]))
  .digest('hex')
  .slice(0, 16)

const imageIn = (folder: string): LinuxImage => ({
  kernel: path.join(folder, 'vmlinuz'),
  initrd: path.join(folder, 'initrd.gz'),
})

/** The XDG specification says to ignore a relative path. https://specifications.freedesktop.org/basedir-spec/latest/ */
function cacheFolder(): string {
  const given = process.env.XDG_CACHE_HOME ?? ''
  const base = path.isAbsolute(given) ? given : path.join(homedir(), '.cache')
  return path.join(base, 'bms-console', 'linux')
}

/** @returns the image, if it was made on this computer. Nothing is downloaded. */
export function cachedImage(): LinuxImage | null {
  const folder = path.join(cacheFolder(), recipe)
  return existsSync(folder) ? imageIn(folder) : null
}

/**
 * Makes the image of a Debian kernel and an initramfs of busybox, once, and keeps it in the user's cache. It installs
 * nothing.
 * @throws if the packages cannot be downloaded
 */
export async function prepareImage(): Promise<LinuxImage> {
  const cached = cachedImage()
  if (cached) return cached
  const cache = cacheFolder()
  const folder = path.join(cache, recipe)
  await mkdir(cache, { recursive: true })
  // The image is built elsewhere and then moved, so that two builds at once do not see each other's halves.
  const work = await mkdtemp(path.join(cache, 'building-'))
  try {
    await build(await currentKernelPackage(), work)
    await rename(path.join(work, 'image'), folder).catch((error: unknown) => {
      if (!existsSync(folder)) throw error
    })
  } finally {
    await rm(work, { recursive: true, force: true })
  }
  return imageIn(folder)
}

/** The meta package depends on the current kernel, e.g. linux-image-6.1.0-56-cloud-amd64. */
async function currentKernelPackage(): Promise<string> {
  const { stdout } = await exec('apt-cache', ['show', '--no-all-versions', 'linux-image-cloud-amd64'])
  const name = /^Depends:.*?\b(linux-image-\d\S*-cloud-amd64)\b/m.exec(stdout)?.[1]
  if (!name) throw new Error('apt knows no linux-image-cloud-amd64: run apt-get update.')
  return name
}

async function build(kernelPackage: string, work: string): Promise<void> {
  await exec('apt-get', ['download', kernelPackage, 'busybox-static'], { cwd: work })
  const unpacked = path.join(work, 'unpacked')
  for (const file of (await readdir(work)).filter((name) => name.endsWith('.deb'))) {
    await exec('dpkg', ['-x', path.join(work, file), unpacked])
  }
  const kernel = (await readdir(path.join(unpacked, 'boot'))).find((name) => name.startsWith('vmlinuz-'))
  if (!kernel) throw new Error(`${kernelPackage} has no kernel in it.`)
  const busybox = ['bin/busybox', 'usr/bin/busybox']
    .map((name) => path.join(unpacked, name))
    .find((name) => existsSync(name))
  if (!busybox) throw new Error('busybox-static has no busybox in it.')

  const image = path.join(work, 'image')
  await mkdir(image)
  await copyFile(path.join(unpacked, 'boot', kernel), path.join(image, 'vmlinuz'))

  const root = path.join(work, 'root')
  for (const folder of folders) await mkdir(path.join(root, folder), { recursive: true })
  await copyFile(busybox, path.join(root, 'bin/busybox'))
  for (const [name, content] of Object.entries(files)) await writeFile(path.join(root, name), content)
  await chmod(path.join(root, 'etc/rc'), 0o755)
  await symlink('/bin/busybox', path.join(root, 'init'))
  const pack = 'find . | cpio -o -H newc -R 0:0 --quiet | gzip -1 > "$0"'
  await exec('sh', ['-c', pack, path.join(image, 'initrd.gz')], { cwd: root })
}
