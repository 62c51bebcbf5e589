import { describe, expect, it } from 'vitest'
import { parseConfig } from '../config.ts'
import { whereIs } from './huawei/projects.ts'
import { openCloud } from './open-cloud.ts'

const gateways = { BMS_CONSOLE_GATEWAYS: 'console.example.com' }
const key = { HUAWEICLOUD_SDK_AK: 'ak', HUAWEICLOUD_SDK_SK: 'sk' }

it.each([
  [{ BMS_CONSOLE_CLOUD: 'huawei', HUAWEI_REGIONS: 'cn-north-4,ap-southeast-1' }, 'Huawei Cloud'],
  [{ BMS_CONSOLE_CLOUD: 'otc', HUAWEI_PROJECTS: 'eu-de_team-a' }, 'Open Telekom Cloud'],
  [
    {
      BMS_CONSOLE_CLOUD: 'huawei',
      HUAWEI_BMS_ENDPOINT: 'https://bms.example.com',
      HUAWEI_PROJECT_ID: 'p',
    },
    'bms.example.com',
  ],
])('%o is what the page calls %s', async (env, name) => {
  const config = parseConfig({ ...gateways, ...key, ...env })
  if (config.cloud.kind === 'sandbox') throw new Error('a real cloud was expected')
  const opened = openCloud(config.cloud)
  expect(opened.name).toBe(name)
  await opened.cloud.close()
})

describe('where a project is', () => {
  it.each([
    ['eu-de', 'eu-de', 'eu-de'],
    ['eu-de', 'eu-de_team-a', 'eu-de / team-a'],
    ['eu-de', '0a1b', 'eu-de / 0a1b'],
    [null, '0a1b', '0a1b'],
  ])('%s, %s: %s', (region, project, words) => {
    expect(whereIs(region, project)).toBe(words)
  })
})
