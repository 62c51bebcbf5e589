import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { describe, expect, it } from 'vitest'
import { commandsOf } from './console-calls.ts'
import type { ConsoleCall } from './server-facts.ts'

const id = '53206ed0-56de-4d6b-b7ee-ffc62ca26f43'
const project = 'bbf1946d374b44a0a2a95533562ba954'
const place = { projectId: project, iam: 'https://iam.example.com', region: 'eu-de' }
const bms: ConsoleCall = { api: 'bms', endpoint: 'https://bms.example.com', ...place }
const action: ConsoleCall = { api: 'nova-action', endpoint: 'https://ecs.example.com', ...place }
const nova: ConsoleCall = {
  api: 'nova',
  base: 'https://nova.example.com/v2.1',
  minor: 96,
  region: 'RegionOne',
}

const text = (call: ConsoleCall, kind: string) =>
  commandsOf(call, id).find((command) => command.kind === kind)?.text ?? ''

const run = promisify(execFile)

describe('the commands', () => {
  it('are those of the cloud', () => {
    expect(commandsOf(nova, id).map(({ kind }) => kind)).toEqual(['cli', 'token', 'console'])
    expect(commandsOf(action, id).map(({ kind }) => kind)).toEqual(['cli', 'token', 'console', 'signed'])
    expect(commandsOf(bms, id).map(({ kind }) => kind)).toEqual(['token', 'console', 'signed'])
  })

  it('name OpenStack’s client as it is documented', () => {
    expect(text(nova, 'cli')).toBe(`openstack --os-region-name RegionOne console url show --serial ${id}`)
    expect(text({ ...nova, region: null }, 'cli')).toBe(`openstack console url show --serial ${id}`)
  })

  it('ask Nova by the microversion that it has', () => {
    expect(text(nova, 'console')).toBe(
      [
        `curl -sS -X POST 'https://nova.example.com/v2.1/servers/${id}/remote-consoles'`,
        '-H "X-Auth-Token: $TOKEN"',
        "-H 'OpenStack-API-Version: compute 2.96'",
        "-H 'Content-Type: application/json'",
        `-d '{"remote_console":{"protocol":"serial","type":"serial"}}'`,
      ].join(' \\\n  '),
    )
    expect(text({ ...nova, minor: 8 }, 'console')).toContain("-H 'X-OpenStack-Nova-API-Version: 2.8'")
    const old = text({ ...nova, minor: null }, 'console')
    expect(old).toContain(`/servers/${id}/action'`)
    expect(old).toContain(`-d '{"os-getSerialConsole":{"type":"serial"}}'`)
    expect(old).not.toContain('Version')
  })

  it('ask Huawei Cloud and Open Telekom Cloud by the paths of their references', () => {
    expect(text(bms, 'console')).toContain(
      `'https://bms.example.com/v1/${project}/baremetalservers/${id}/remote_console'`,
    )
    expect(text(action, 'console')).toContain(
      `'https://ecs.example.com/v2.1/${project}/servers/${id}/action'`,
    )
    expect(text(bms, 'token')).toContain("'https://iam.example.com/v3/auth/tokens'")
    expect(text({ ...bms, iam: null }, 'token')).toContain("'https://<IAM endpoint>/v3/auth/tokens'")
  })

  it('have a placeholder wherever a secret belongs', () => {
    for (const call of [bms, action, nova])
      for (const { text } of commandsOf(call, id)) {
        const shown = text.replaceAll(/<(user|password|account|access key|secret key)>/g, '…')
        expect(shown).not.toMatch(/"password":"(?!…)[^"]/)
        expect(shown).not.toMatch(/^[AS]K='(?!…)/m)
        expect(shown).not.toMatch(/X-Auth-Token: (?!\$TOKEN")/)
      }
  })

  it('run nothing that a cloud says', async () => {
    const hostile = "x'; touch /tmp/never; echo '$(touch /tmp/never)`touch /tmp/never`"
    const calls: ConsoleCall[] = [
      { ...nova, base: `https://nova.example.com/${hostile}`, region: hostile },
      { ...bms, projectId: hostile, iam: `https://iam.example.com/${hostile}` },
    ]
    for (const call of calls)
      for (const { text } of commandsOf(call, id)) {
        // Functions take the place of the programs and print what they were given, each in a line.
        const fake = `curl() { printf '%s\\n' "$@" >&2; }; openstack() { printf '%s\\n' "$@"; }; touch() { echo RAN >&2; }`
        const { stdout, stderr } = await run('bash', ['-c', `${fake}\n${text}`])
        expect(`${stdout}${stderr}`).not.toMatch(/^RAN$/m)
      }
  })
})
