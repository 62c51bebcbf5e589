import type { HuaweiKind } from '../../server/clouds/huawei/endpoints.ts'
import { openHuawei } from '../../server/clouds/huawei/open.ts'
import { huaweiSettings } from '../../server/clouds/huawei/settings.ts'
import { ImpatientClock } from '../clock.ts'
import {
  consoleAnswer,
  detailAnswer,
  jobAnswer,
  listAnswer,
  novaConsoleAnswer,
  projectsAnswer,
  tokenBody,
} from './huawei-answers.ts'
import { type CannedAnswer, type RecordedRequest, startTestCloud } from './test-cloud.ts'

/** All requests are signed at this time. */
export const now = Date.parse('2026-03-04T05:06:07Z')

/** Answers as documented. */
export function answer({ method, path }: RecordedRequest): CannedAnswer {
  if (path === '/v3/auth/tokens')
    return { status: 201, headers: { 'x-subject-token': 'MIIDkgYJKoZIhvcN' }, body: tokenBody }
  if (path.startsWith('/v3/projects')) return { body: projectsAnswer }
  if (path.startsWith('/v2.1/')) return { body: novaConsoleAnswer }
  if (path.endsWith('/remote_console')) return { body: consoleAnswer }
  if (method === 'POST') return { body: jobAnswer }
  return { body: path.includes('/detail?') ? listAnswer : detailAnswer }
}

/** Starts BMS, ECS, EVS and IAM with the documented answers, and opens them as the variables say. */
export async function start(kind: HuaweiKind, region: string, env: NodeJS.ProcessEnv, reply = answer) {
  const [bms, ecs, evs, iam] = await Promise.all([reply, reply, reply, reply].map(startTestCloud))
  if (!bms || !ecs || !evs || !iam) throw new Error('four were started')
  const name = region.toUpperCase().replaceAll('-', '_')
  const settings = huaweiSettings(
    {
      ...(env.HUAWEI_PROJECTS ? {} : { HUAWEI_REGIONS: region }),
      [`HUAWEICLOUD_SDK_REGION_BMS_${name}`]: bms.endpoint,
      [`HUAWEICLOUD_SDK_REGION_ECS_${name}`]: ecs.endpoint,
      [`HUAWEICLOUD_SDK_REGION_EVS_${name}`]: evs.endpoint,
      HUAWEICLOUD_SDK_IAM_ENDPOINT: iam.endpoint,
      ...env,
    },
    { kind, credentials: 'needed', timeout: undefined },
  )
  const cloud = openHuawei(settings, { clock: new ImpatientClock(now) })
  return { cloud, bms, ecs, evs, iam }
}
