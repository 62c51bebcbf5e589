import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { describe, expect, it, onTestFinished } from 'vitest'
import { startSandbox } from '../../sandbox/sandbox.ts'
import { commandsOf } from '../../shared/console-calls.ts'
import { openSandbox } from './sandbox.ts'

const run = promisify(execFile)
const shell = async (script: string) => (await run('bash', ['-c', script])).stdout

describe('the commands for people, run against the sandbox', { timeout: 60_000 }, () => {
  const describedBy = async (kind: 'huawei' | 'openstack') => {
    const sandbox = await startSandbox({ allowedOrigins: [] })
    const cloud = openSandbox(sandbox, kind).cloud()
    onTestFinished(async () => {
      await cloud.close()
      await sandbox.close()
    })
    const { servers } = await cloud.listServers()
    const server = servers.find(({ name }) => name === 'web-fra-01')
    const { call } = await cloud.getServer(server?.id ?? '')
    if (!server || !call) throw new Error('the sandbox has it')
    const commands = commandsOf(call, server.id)
    return { sandbox, of: (kind: string) => commands.find((each) => each.kind === kind)?.text ?? '' }
  }

  it('the token’s request and the console’s give a console', async () => {
    const { sandbox, of } = await describedBy('huawei')
    const { domain, user, password } = sandbox.credentials
    const token = of('token')
      .replace('<user>', user)
      .replace('<password>', password)
      .replace('<account>', domain)
    expect(await shell(`${token}\n${of('console')}`)).toMatch(/"url":"https?:\/\/[^"]+token=/)
  })

  it('the signed request gives a console', async () => {
    const { sandbox, of } = await describedBy('huawei')
    const { accessKey } = sandbox
    const script = of('signed')
      .replace('<access key>', accessKey.accessKey)
      .replace('<secret key>', accessKey.secretKey)
    expect(await shell(script)).toMatch(/"url":"https?:\/\/[^"]+token=/)
  })
})
