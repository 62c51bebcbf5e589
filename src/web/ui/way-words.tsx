import { useTranslations } from 'use-intl'
import { type Failure, retriesByItself } from '../../shared/cause.ts'
import { enWay } from '../locales/en-way.ts'
import { withWords } from '../locales/more-words.tsx'

/** What was wrong on the way, and what to do about it. The title above says to whom. */
function WayWords({ fault, cause }: Failure) {
  const causes = useTranslations('causes')
  const t = useTranslations('way')
  if (!isKnown(fault)) return causes(`${cause}.next`)
  return `${t(fault)}${retriesByItself[cause] ? ` ${t('goesOn')}` : ''}`
}

/** A newer server knows more. */
const isKnown = (fault = ''): fault is Exclude<keyof typeof enWay, 'goesOn'> =>
  fault !== 'goesOn' && Object.hasOwn(enWay, fault)

export default withWords({ way: enWay }, WayWords)
