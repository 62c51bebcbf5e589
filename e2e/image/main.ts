import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { z } from 'zod'
import { pathOf, settingsIn, textOf } from '../../src/testing/deploy/files.ts'
import { freePort } from '../lab/tools.ts'

// `npm run test:image`: builds the image from the Dockerfile, and runs it as deploy/docker/compose.yaml does. It needs
// root, buildah and debootstrap, and no container engine: each step runs in a chroot. Debian's base and this computer's
// Node stand in for the official image of Node.

/** The one that comes with the official image of that Node */
const NPM = 'npm@10.8.2'
const CERTIFICATES = '/etc/ssl/certs/ca-certificates.crt'
const IMAGE = 'bms-console:tested'

const folder = mkdtempSync(join(tmpdir(), 'image-'))
const run = (command: string, ...args: string[]) => {
  console.log(`> ${command} ${args.slice(0, 8).join(' ')}`)
  return execFileSync(command, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] }).trim()
}
const buildah = (...args: string[]) =>
  run('buildah', '--root', join(folder, 'storage'), '--runroot', join(folder, 'run'), ...args)

function makeBase(): string {
  const base = join(folder, 'base')
  run('debootstrap', '--variant=minbase', '--include=ca-certificates', 'bookworm', base)
  copyFileSync(process.execPath, join(base, 'usr/local/bin/node'))
  const npm = join(base, 'usr/local/lib/node_modules/npm')
  mkdirSync(npm, { recursive: true })
  const packed = run('npm', 'pack', '--silent', '--pack-destination', folder, NPM)
  run('tar', '--extract', '--file', join(folder, packed), '--directory', npm, '--strip-components=1')
  symlinkSync('../lib/node_modules/npm/bin/npm-cli.js', join(base, 'usr/local/bin/npm'))
  // A registry behind a private CA is trusted as here.
  const own = process.env.NODE_EXTRA_CA_CERTS
  if (own) copyFileSync(own, join(base, CERTIFICATES))
  const container = buildah('from', 'scratch')
  buildah('copy', '--quiet', container, base, '/')
  if (own) buildah('config', '--env', `NODE_EXTRA_CA_CERTS=${CERTIFICATES}`, container)
  buildah('config', '--env', 'PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin', container)
  const name = /^ARG NODE_IMAGE=(.+)$/m.exec(textOf('Dockerfile'))?.[1] ?? ''
  buildah('commit', '--quiet', '--rm', container, `docker.io/library/${name}`)
  return base
}

const Inspected = z.object({
  Docker: z.object({
    config: z.object({
      User: z.string(),
      Env: z.array(z.string()),
      Entrypoint: z.array(z.string()),
      Healthcheck: z.object({ Test: z.tuple([z.literal('CMD')], z.string()) }),
    }),
  }),
})

/** Read-only, without capabilities, with a volume and a folder for temporary files; the server is process 1. */
const START = `set -e
root=$1 volume=$2 user=$3
shift 3
mount --make-rprivate /
mount --bind "$root" "$root"
mount -o remount,bind,ro "$root"
mount --bind "$volume" "$root/var/lib/bms-console"
mount -t tmpfs -o size=64m,noexec,nosuid,nodev tmpfs "$root/tmp"
mount -t proc proc "$root/proc"
exec chroot "$root" setpriv --reuid "$user" --regid "$user" --clear-groups --bounding-set=-all --no-new-privs "$@"`

async function runImage(): Promise<void> {
  const { config } = Inspected.parse(JSON.parse(buildah('inspect', '--type', 'image', IMAGE))).Docker
  const root = buildah('mount', buildah('from', '--pull-never', IMAGE))
  const [user = ''] = config.User.split(':')
  const made = statSync(join(root, 'var/lib/bms-console'))
  expectSame('owner and mode of the volume', [made.uid, made.mode & 0o7777], [Number(user), 0o700])
  const volume = join(folder, 'volume')
  mkdirSync(volume, { mode: 0o700 })
  run('chown', config.User, volume)

  const port = await freePort()
  const env = [
    ...config.Env,
    ...Object.entries({
      ...settingsIn(textOf('deploy/bms-console.env')),
      BMS_CONSOLE_PORT: `${port}`,
      BMS_CONSOLE_PUBLIC_ORIGINS: `http://localhost:${port}`,
    }).map(([name, value]) => `${name}=${value}`),
  ]
  const server = spawn(
    'unshare',
    ['--mount', '--pid', '--fork', '--kill-child', 'sh', '-c', START, 'sh', root, volume, user].concat(
      ['env', '-i', ...env],
      config.Entrypoint,
    ),
    { stdio: ['ignore', 'pipe', 'inherit'] },
  )
  const ended = once(server, 'exit')
  try {
    let said = ''
    await new Promise<void>((resolve, reject) => {
      server.stdout.on('data', (chunk: Buffer) => {
        said += chunk.toString('utf8')
        if (said.includes(`http://localhost:${port}`)) resolve()
      })
      server.on('exit', (code) => reject(new Error(`it ended with ${String(code)}: ${said}`)))
    })
    const [first = ''] = readFileSync(`/proc/${server.pid}/task/${server.pid}/children`, 'utf8').split(' ')
    const status = readFileSync(`/proc/${first}/status`, 'utf8')
    const of = (name: string) => new RegExp(`^${name}:\\s+(.*)$`, 'm').exec(status)?.[1]?.split('\t').at(-1)
    expectSame('user', of('Uid'), user)
    expectSame('number of the process', of('NSpid'), '1')
    expectSame('capabilities', [of('CapEff'), of('CapBnd')], ['0'.repeat(16), '0'.repeat(16)])
    expectSame('no new privileges', of('NoNewPrivs'), '1')
    const [, ...health] = config.Healthcheck.Test
    run('chroot', `--userspec=${config.User}`, root, 'env', '-i', ...env, ...health)
    expectSame('folders that it made', run('ls', volume), 'lines\nrecordings')

    const asked = performance.now()
    process.kill(Number(first), 'SIGTERM')
    expectSame('its end', await ended, [0, null])
    const took = performance.now() - asked
    if (took > 10_000) throw new Error(`It took ${Math.round(took)} ms to end.`)
    console.log(`It ended within ${Math.round(took)} ms.`)
    let well = true
    try {
      run('chroot', `--userspec=${config.User}`, root, 'env', '-i', ...env, ...health)
    } catch {
      well = false
    }
    expectSame('health after its end', well, false)
  } finally {
    if (server.exitCode === null) server.kill('SIGKILL')
    await ended
  }
}

function expectSame(what: string, found: unknown, wanted: unknown): void {
  const [is, was] = [JSON.stringify(found), JSON.stringify(wanted)]
  if (is !== was) throw new Error(`${what}: ${is}, but it must be ${was}`)
  console.log(`ok ${what}: ${is}`)
}

try {
  makeBase()
  const options = ['--isolation', 'chroot', '--format', 'docker', '--pull-never', '--tag', IMAGE]
  console.log(buildah('build', ...options, pathOf('.')))
  await runImage()
  console.log('The image is built, and runs.')
} finally {
  buildah('rm', '--all')
  rmSync(folder, { recursive: true, force: true })
}
