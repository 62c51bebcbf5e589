import { execFileSync } from 'node:child_process'
import { copyFileSync, rmSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

// Packs what was built: `npm run package`. The versions of all dependencies go with it, since npm leaves the lockfile out.
// https://docs.npmjs.com/cli/v11/configuring-npm/npm-shrinkwrap-json

const root = fileURLToPath(new URL('..', import.meta.url))
const shrinkwrap = `${root}/npm-shrinkwrap.json`
const [destination = root] = process.argv.slice(2)
copyFileSync(`${root}/package-lock.json`, shrinkwrap)
try {
  execFileSync('npm', ['pack', '--ignore-scripts', '--pack-destination', destination], {
    cwd: root,
    stdio: ['ignore', 'inherit', 'ignore'],
  })
} finally {
  rmSync(shrinkwrap)
}
