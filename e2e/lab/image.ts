import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { chmod, copyFile, mkdir, mkdtemp, readdir, rename, rm, symlink, writeFile } from 'node:fs/promises'
import { homedir } from 'node:os'
import path from 'node:path'
import { promisify } from 'node:util'

const exec = promisify(execFile)

export interface Image {
  kernel: string
  initrd: string
}

/** How to sign in on the machine; `openssl passwd -6 -salt bmsconsole lab` gave the hash. */
export const account = { user: 'root', password: 'lab' } as const
const PASSWORD_HASH =
  '$6$bmsconsole$4pZfjw/5SSOWx6qqDHjtktnG.oQFfJNAJo.5vIpGZIp33.zkaFGkwj0lbdw8dePJO5c0n/F1YwiI415GFK5zL.'

/** The machine's files beside busybox: a login on the serial port and nothing else. */
const files: Readonly<Record<string, string>> = {
  'etc/inittab': '::sysinit:/etc/rc\nttyS0::respawn:/bin/busybox getty -L 115200 ttyS0 vt220\n',
  'etc/rc': `#!/bin/busybox sh
/bin/busybox --install -s
mount -t proc proc /proc
mount -t sysfs sysfs /sys
mount -t devtmpfs devtmpfs /dev
hostname lab-01
`,
  'etc/passwd': 'root:x:0:0:root:/root:/bin/sh\n',
  'etc/group': 'root:x:0:\n',
  'etc/shadow': `root:${PASSWORD_HASH}:20000:0:99999:7:::\n`,
  'etc/issue': 'BMS Console lab\n',
}

const folders = ['bin', 'sbin', 'usr/bin', 'usr/sbin', 'etc', 'proc', 'sys', 'dev', 'root', 'tmp']

/**
 * A Debian kernel and an initramfs of busybox, made once and kept in the user's cache; nothing is installed.
 * @throws where the packages cannot be downloaded
 */
export async function prepareImage(): Promise<Image> {
  const kernelPackage = await currentKernelPackage()
  const recipe = createHash('sha256')
    .update(JSON.stringify([kernelPackage, files, folders]))
    .digest('hex')
  const cache = path.join(process.env.XDG_CACHE_HOME ?? path.join(homedir(), '.cache'), 'bms-console', 'lab')
  const folder = path.join(cache, recipe.slice(0, 16))
  if (!existsSync(folder)) {
    await mkdir(cache, { recursive: true })
    // Built beside and moved: two that build at once do not see each other's halves.
    const work = await mkdtemp(path.join(cache, 'building-'))
    try {
      await build(kernelPackage, work)
      await rename(path.join(work, 'image'), folder).catch((error: unknown) => {
        if (!existsSync(folder)) throw error
      })
    } finally {
      await rm(work, { recursive: true, force: true })
    }
  }
  return { kernel: path.join(folder, 'vmlinuz'), initrd: path.join(folder, 'initrd.gz') }
}

/** The meta package names the kernel of the day: linux-image-6.1.0-56-cloud-amd64. */
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
