import { Link } from '@tanstack/react-router'
import { useEffect } from 'react'
import { useTranslations } from 'use-intl'
import { tellSignInChanged } from '../api/sign-in-news.ts'
import { Card } from './card.tsx'

/** The end of signing in for the sake of another tab, which is told and goes on. */
export default function SignedInPage({ signedIn }: { signedIn: boolean }) {
  const t = useTranslations('signIn')
  useEffect(() => {
    if (!signedIn) return
    tellSignInChanged()
    // Where the browser lets a page do so; the words are for where it does not.
    window.close()
  }, [signedIn])
  if (!signedIn) return <Card title={t('title')}>{t('loading')}</Card>
  return (
    <Card title={t('done')} lead={t('doneNext')}>
      <Link to="/" className="button">
        {t('toServers')}
      </Link>
    </Card>
  )
}
