import { mkdir, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { recordedScreens, streamFile } from '../screens.ts'
import { recordGrub, recordUefiSetup } from './firmware.ts'
import { RecordedLinux } from './linux.ts'
import { scenarios } from './scenarios.ts'

// `npm run record:screens [PROGRAM ...]` records the streams anew. README.md says what it needs.

const wanted = process.argv.slice(2)
const chosen = recordedScreens.filter(({ program }) => wanted.length === 0 || wanted.includes(program.name))
let linux: RecordedLinux | null = null
for (const { program, size, name } of chosen) {
  let stream: Buffer
  if (program.name === 'grub' || program.name === 'grub-utf8') {
    stream = await recordGrub(size, program.name === 'grub-utf8')
  } else if (program.name === 'uefi-setup') {
    stream = await recordUefiSetup(size)
  } else {
    const scenario = scenarios.find((one) => one.name === program.name)
    if (!scenario) throw new Error(`Nobody says how to record ${program.name}.`)
    linux ??= await RecordedLinux.boot()
    stream = await linux.record(scenario, size)
  }
  await mkdir(path.dirname(streamFile(name)), { recursive: true })
  await writeFile(streamFile(name), stream)
  console.log(`${name}: ${stream.length} bytes`)
}
await linux?.end()
