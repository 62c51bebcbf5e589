import { pathsBelow } from '../../shared/api.ts'
import { base } from '../base.ts'

/** The API's paths on this host */
export const paths = pathsBelow(base)
