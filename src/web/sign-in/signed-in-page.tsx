import { Link } from '@tanstack/react-router'
import { useEffect } from 'react'
import { useTranslations } from 'use-intl'
import { tellSignInChanged } from '../api/sign-in-news.ts'
import { Card } from './card.tsx'

/** Ends a sign-in that was started for another tab. That tab is notified and continues. */
export default function SignedInPage({ signedIn }: { signedIn: boolean }) {
  const t = useTranslations('signIn')
  const shell = useTranslations('shell')
  useEffect(() => {
    if (!signedIn) return
    tellSignInChanged()
    // The browser may refuse to close the tab. The words are for that case.
    window.close()
  }, [signedIn])
  if (!signedIn) return <Card title={t('title')}>{t('loading')}</Card>
  return (
    <Card title={t('done')} lead={t('doneNext')}>
      <Link to="/" className="button">
        {shell('toList')}
      </Link>
    </Card>
  )
}
