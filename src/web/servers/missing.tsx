import { useTranslations } from 'use-intl'
import type { ServerList } from '../../shared/api.ts'
import { FailureNotice, NextTry } from '../ui/failure-notice.tsx'

/** Says that one project's servers, or some of them, are missing from the list, and why. */
export function Missing({ where, failure }: ServerList['missing'][number]) {
  const t = useTranslations('servers')
  const causes = useTranslations('causes')
  if (failure.cause === 'list-incomplete') {
    const words = { title: t('incomplete', { where }), next: causes('list-incomplete.next') }
    return <FailureNotice failure={failure} words={words} />
  }
  const next =
    failure.cause === 'no-permission'
      ? t('mayNotList')
      : `${causes(`${failure.cause}.title`)}. ${causes(`${failure.cause}.next`)}`
  return (
    <FailureNotice
      failure={failure}
      words={{ title: t('missing', { where }), next }}
      actions={<NextTry failure={failure} />}
    />
  )
}
