import { existsSync } from 'node:fs'
import { validate } from 'dockerfile-utils'
import { describe, expect, it } from 'vitest'
import { parse as parseYaml } from 'yaml'
import { z } from 'zod'
import { parseConfig } from '../../server/config.ts'
import { pathOf, settingsIn, textOf } from './files.ts'

const text = textOf('Dockerfile')
/** The instructions, without comments, each on one line */
const instructions = text
  .replace(/^#.*\n/gm, '')
  .replace(/\\\n\s*/g, '')
  .split('\n')
  .filter((line) => line.trim() !== '')
const final = instructions.slice(instructions.findLastIndex((line) => line.startsWith('FROM ')))
const wordsOf = (name: string) => {
  const line = final.find((candidate) => candidate.startsWith(`${name} `)) ?? ''
  return line.slice(name.length + 1)
}
const Words = z.array(z.string())
const fileOfPackage = /^\/opt\/bms-console\/node_modules\/bms-console\/(.+)$/

describe('the Dockerfile', () => {
  it('has nothing that a linter finds', () => {
    expect(validate(text).map(({ message, range }) => `${range.start.line + 1}: ${message}`)).toEqual([])
  })

  it('names the exact version of its base, the one that package.json asks for at least', () => {
    const { engines } = z
      .object({ engines: z.object({ node: z.string() }) })
      .parse(JSON.parse(textOf('package.json')))
    const [, version = ''] =
      /^ARG NODE_IMAGE=node:(\d+\.\d+\.\d+)-bookworm-slim$/m.exec(instructions.join('\n')) ?? []
    expect(`>=${version.split('.').slice(0, 2).join('.')}`).toBe(engines.node)
    expect(instructions.filter((line) => line.startsWith('FROM '))).toEqual([
      // biome-ignore lint/suspicious/noTemplateCurlyInString: the Dockerfile's own variable
      'FROM ${NODE_IMAGE} AS build',
      // biome-ignore lint/suspicious/noTemplateCurlyInString: the Dockerfile's own variable
      'FROM ${NODE_IMAGE}',
    ])
  })

  it('starts the program itself, so that a signal reaches it, and not as root', () => {
    expect(Words.parse(JSON.parse(wordsOf('ENTRYPOINT')))).toEqual(['bms-console'])
    expect(wordsOf('STOPSIGNAL')).toBe('SIGTERM')
    expect(wordsOf('USER')).toMatch(/^[1-9]\d{3,}:[1-9]\d{3,}$/)
    expect(wordsOf('VOLUME')).toBe('/var/lib/bms-console')
  })

  it('asks for its health with a file of the package', () => {
    const words = Words.parse(JSON.parse(/CMD (\[.+\])$/.exec(wordsOf('HEALTHCHECK'))?.[1] ?? ''))
    expect(words[0]).toBe('node')
    expect(existsSync(pathOf(fileOfPackage.exec(words[1] ?? '')?.[1] ?? 'missing'))).toBe(true)
  })

  it('brings no secret into a layer', () => {
    expect(text).not.toMatch(/(SECRET|PASSWORD|TOKEN|_KEY)\b/)
    // What is not let in by name stays outside.
    expect(textOf('.dockerignore').split('\n')).toContain('*')
  })

  it('is given all that the package is made of', () => {
    const allowed = textOf('.dockerignore')
      .split('\n')
      .filter((line) => line.startsWith('!'))
      .map((line) => line.slice(1))
    const { files } = z.object({ files: z.array(z.string()) }).parse(JSON.parse(textOf('package.json')))
    const made = ['dist', 'npm-shrinkwrap.json']
    expect(files.filter((file) => !made.includes(file) && !allowed.includes(file))).toEqual([])
    for (const name of allowed.filter((line) => !line.includes('*')))
      expect(existsSync(pathOf(name)), name).toBe(true)
  })
})

const Compose = z.object({
  services: z.object({
    'bms-console': z.looseObject({
      image: z.string(),
      build: z.literal('../..'),
      env_file: z.literal('../bms-console.env'),
      environment: z.record(z.string(), z.string()),
      secrets: z.array(z.string()),
      volumes: z.array(z.string()),
      ports: z.array(z.string()),
      read_only: z.boolean(),
      cap_drop: z.array(z.string()),
      security_opt: z.array(z.string()),
      stop_grace_period: z.string(),
    }),
  }),
  secrets: z.record(z.string(), z.object({ file: z.string() })),
  volumes: z.record(z.string(), z.unknown()),
})

describe('the compose file', () => {
  const compose = Compose.parse(parseYaml(textOf('deploy/docker/compose.yaml')))
  const service = compose.services['bms-console']

  it('closes all but its volume and its port', () => {
    expect(service).toMatchObject({
      read_only: true,
      cap_drop: ['ALL'],
      security_opt: ['no-new-privileges:true'],
      ports: ['127.0.0.1:8080:8080'],
      volumes: [`data:${wordsOf('VOLUME')}`],
    })
    expect(Object.keys(compose.volumes)).toEqual(['data'])
  })

  it('starts the server with its settings and secrets', () => {
    const env = { ...settingsIn(textOf('deploy/bms-console.env')), ...service.environment }
    const mounted = service.secrets.map((name) => `/run/secrets/${name}`)
    for (const [name, value] of Object.entries(env)) {
      if (!name.endsWith('_FILE')) continue
      expect(mounted).toContain(value)
      // Here there is no such file. Any file with enough characters does.
      env[name] = pathOf('package.json')
    }
    const config = parseConfig(env)
    expect([config.host, config.port]).toEqual(['0.0.0.0', 8080])
    for (const dir of [config.lineLog?.dir, config.recordings?.dir])
      expect(dir?.startsWith(`${wordsOf('VOLUME')}/`)).toBe(true)
    expect(Object.keys(compose.secrets)).toEqual(service.secrets)
  })

  it('has the version of the program', () => {
    const { version } = z.object({ version: z.string() }).parse(JSON.parse(textOf('package.json')))
    expect(service.image).toBe(`bms-console:${version}`)
  })
})
