import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { huaweiSettings } from './settings.ts'

const read = (env: NodeJS.ProcessEnv) =>
  huaweiSettings(env, { kind: 'huawei', credentials: 'needed', timeout: undefined })

const key = { HUAWEICLOUD_SDK_AK: 'ak', HUAWEICLOUD_SDK_SK: 'sk' }

function file(content: string) {
  const path = join(mkdtempSync(join(tmpdir(), 'huawei-')), 'file')
  writeFileSync(path, content)
  return path
}

describe('the credentials', () => {
  const region = { HUAWEI_REGIONS: 'cn-north-4' }

  it('are an access key, temporary or not', () => {
    expect(read({ ...region, ...key }).own?.credentials).toEqual({
      kind: 'aksk',
      accessKey: 'ak',
      secretKey: 'sk',
    })
    expect(read({ ...region, ...key, HUAWEICLOUD_SDK_SECURITY_TOKEN: 'st' }).own?.credentials).toEqual({
      kind: 'aksk',
      accessKey: 'ak',
      secretKey: 'sk',
      securityToken: 'st',
    })
  })

  it('are read anew from their files', () => {
    const path = file('st1\n')
    const { own } = read({ ...region, ...key, HUAWEICLOUD_SDK_SECURITY_TOKEN_FILE: path })
    if (own?.credentials.kind !== 'aksk') throw new Error('an access key was expected')
    expect(own.credentials.securityToken).toBe('st1')
    writeFileSync(path, 'st2\n')
    expect(own.credentials.reread?.()).toEqual({ accessKey: 'ak', secretKey: 'sk', securityToken: 'st2' })
    const token = file('t1')
    const other = read({ ...region, HUAWEI_TOKEN_FILE: token }).own?.credentials
    if (other?.kind !== 'token') throw new Error('a token was expected')
    writeFileSync(token, 't2')
    expect([other.token, other.reread?.()]).toEqual(['t1', 't2'])
  })

  it("are the SDKs' profile", () => {
    const path = file(
      '# mine\n[global]\nak = no\nsk = no\n\n[basic]\n; a key\nak = ak1\nsk=s=k1 \r\nsecurity_token = st1\nproject_id = p1\niam_endpoint = https://iam.example.com\n[other]\nak = no\n',
    )
    const { own, regions } = read({ ...region, HUAWEICLOUD_SDK_CREDENTIALS_FILE: path })
    expect(own).toMatchObject({
      credentials: { kind: 'aksk', accessKey: 'ak1', secretKey: 's=k1', securityToken: 'st1' },
      projects: [{ project: { id: 'p1' } }],
    })
    expect(regions[0]?.iamEndpoint).toBe('https://iam.example.com')
    writeFileSync(path, '[basic]\nak=ak2\nsk=sk2')
    if (own?.credentials.kind !== 'aksk') throw new Error('an access key was expected')
    expect(own.credentials.reread?.()).toEqual({ accessKey: 'ak2', secretKey: 'sk2' })
  })

  it.each([
    ['[global]\nak=a\nsk=s', 'ak'],
    ['[basic]\nak=a', 'sk'],
    ['[basic]\nak=a\nsk=s\niam_endpoint=ftp://x', 'iam_endpoint'],
    ['', 'ak'],
  ])('name what is missing in a profile: %j', (content, missing) => {
    expect(() => read({ ...region, HUAWEICLOUD_SDK_CREDENTIALS_FILE: file(content) })).toThrow(
      `HUAWEICLOUD_SDK_CREDENTIALS_FILE names a file without a valid "${missing}" below [basic]`,
    )
  })

  it('name a profile that cannot be read', () => {
    expect(() => read({ ...region, HUAWEICLOUD_SDK_CREDENTIALS_FILE: '/nowhere' })).toThrow(
      'HUAWEICLOUD_SDK_CREDENTIALS_FILE names a file that cannot be read (ENOENT)',
    )
  })
})
