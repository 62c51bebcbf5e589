import { imageCommands, machineCommands, prepareImage } from './machines/linux-image.ts'
import { missingPackages } from './machines/tied-process.ts'

// `npm run sandbox:linux` runs this once. From then on the sandbox's machines are real.

const missing = missingPackages([...machineCommands, ...imageCommands])
if (missing.length > 0) {
  console.error(`Real machines need ${missing.join(', ')}: apt-get install ${missing.join(' ')}`)
  process.exit(1)
}
const { kernel } = await prepareImage()
console.log(`Ready: ${kernel}. From the next npm start on, the sandbox boots it.`)
