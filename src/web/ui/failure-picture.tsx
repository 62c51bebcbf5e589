import type { Cause } from '../../shared/cause.ts'
import { failureOf } from '../api/client.ts'
import styles from './picture.module.css'
import { Picture, type PictureName } from './picture.tsx'

/** Stands below a failure's notice where it kept all away: a notice alone would leave the page empty. */
export default function FailurePicture({ error }: { error: unknown }) {
  return (
    <div className={styles.alone}>
      <Picture name={pictureOf(failureOf(error).cause)} />
    </div>
  )
}

function pictureOf(cause: Cause): PictureName {
  switch (cause) {
    case 'no-permission':
    case 'role-forbids':
    case 'no-role':
    case 'no-project':
    case 'signed-out':
      return 'locked'
    case 'log-off':
    case 'recordings-off':
    case 'audit-off':
      return 'off'
    case 'bad-request':
    case 'server-not-found':
    case 'recording-not-found':
      return 'gone'
    case 'cloud-timeout':
    case 'cloud-unreachable':
    case 'network-lost':
    case 'proxy-unreachable':
    case 'proxy-restarting':
    case 'store-unreachable':
      return 'unreachable'
    default:
      return 'fault'
  }
}
