import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { account } from '../../src/sandbox/machines/machine.ts'
import { startSandbox } from '../../src/sandbox/sandbox.ts'
import { startLab } from './lab.ts'
import { missingLabPackages } from './tools.ts'

// `npm run lab`: the product, configured as for a cloud, with a real Linux behind it.

const missing = missingLabPackages()
if (missing.length > 0) {
  console.error(`The lab needs ${missing.join(', ')}: apt-get install ${missing.join(' ')}`)
  process.exit(1)
}
console.log('Booting a Linux under QEMU …')
const lab = await startLab()
const cloud = await startSandbox({ allowedOrigins: [], servers: [lab.server], issueUrl: lab.issueUrl })
const app = spawn(process.execPath, [fileURLToPath(new URL('../../dist/server/main.js', import.meta.url))], {
  stdio: 'inherit',
  env: {
    BMS_CONSOLE_LOG_LEVEL: 'warn',
    ...process.env,
    BMS_CONSOLE_CLOUD: 'huawei',
    BMS_CONSOLE_GATEWAYS: lab.gatewayHost,
    HUAWEI_BMS_ENDPOINT: cloud.apiEndpoint,
    HUAWEI_IAM_ENDPOINT: cloud.iamEndpoint,
    HUAWEI_PROJECT_ID: cloud.projectId,
    HUAWEI_DOMAIN: cloud.credentials.domain,
    HUAWEI_USER: cloud.credentials.user,
    HUAWEI_PASSWORD: cloud.credentials.password,
  },
})
console.log(`Open ${lab.server.name}, press Enter and sign in: ${account.user}, ${account.password}`)
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => app.kill('SIGTERM'))
app.on('exit', (code) => {
  void Promise.all([lab.close(), cloud.close()]).then(() => process.exit(code ?? 0))
})
