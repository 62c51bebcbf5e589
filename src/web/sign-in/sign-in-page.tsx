import { useMutation, useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { KeyRound } from 'lucide-react'
import { useEffect } from 'react'
import { useTranslations } from 'use-intl'
import type { Cause } from '../../shared/cause.ts'
import type { SignInOffer, SignInState } from '../../shared/sign-in.ts'
import { chooseProjects } from '../api/client.ts'
import { paths } from '../api/paths.ts'
import { signInQuery } from '../api/queries.ts'
import { base } from '../base.ts'
import { FailureNotice } from '../ui/failure-notice.tsx'
import { LoadFailure } from '../ui/load-failure.tsx'
import { useSignOut } from '../user/sign-out.ts'
import { Card } from './card.tsx'
import { useSignInChanged } from './changed.ts'
import { IamForm } from './iam-form.tsx'
import { ownPath } from './own-path.ts'
import { ProjectChooser } from './project-chooser.tsx'
import styles from './sign-in.module.css'

interface SignInPageProps {
  /** Where to go afterwards, from the address bar */
  to: string | undefined
  /** Why the provider's sign-in came back without success */
  failed: Cause | undefined
}

/** Signs in, in the way that this installation offers, and then lets the user choose projects. */
export default function SignInPage({ to, failed }: SignInPageProps) {
  const t = useTranslations('signIn')
  const navigate = useNavigate()
  const { data, error, refetch } = useQuery(signInQuery())
  const next = ownPath(to)
  const done = data?.state === 'signed-in'
  useEffect(() => {
    if (done) void navigate({ href: base + next, replace: true })
  }, [done, next, navigate])

  if (data && data.state !== 'signed-in') return <Step state={data} next={next} failed={failed} />
  return (
    <Card title={t('title')}>
      {error === null ? (
        <p role="status" className={styles.dim}>
          {t(done ? 'goingOn' : 'loading')}
        </p>
      ) : (
        <LoadFailure error={error} onRetry={refetch} />
      )}
    </Card>
  )
}

interface StepProps {
  state: Exclude<SignInState, { state: 'signed-in' }>
  next: string
  failed: Cause | undefined
}

function Step({ state, next, failed }: StepProps) {
  const t = useTranslations('signIn')
  switch (state.state) {
    case 'signed-out':
      return (
        <Card title={t('title')} lead={<Lead offer={state.offer} />}>
          {failed && <FailureNotice failure={{ cause: failed }} />}
          <Offer offer={state.offer} next={next} />
        </Card>
      )
    case 'choosing-projects':
      return <FirstChoice state={state} />
  }
}

function Lead({ offer }: { offer: SignInOffer }) {
  const t = useTranslations('signIn')
  switch (offer.mode) {
    case 'iam':
      return t('iamLead', { cloud: offer.cloud })
    case 'oidc':
      return t('oidcLead', { provider: offer.provider })
    case 'service':
      return null
  }
}

function Offer({ offer, next }: { offer: SignInOffer; next: string }) {
  const t = useTranslations('signIn')
  const shell = useTranslations('shell')
  switch (offer.mode) {
    case 'iam':
      return <IamForm offer={offer} />
    case 'oidc':
      return (
        <a className={`button primary ${styles.submit}`} href={paths.signInOidc(next)}>
          <KeyRound size={16} aria-hidden /> {t('oidc', { provider: offer.provider })}
        </a>
      )
    case 'service':
      return (
        <div className={styles.words}>
          <p>{t('service')}</p>
          <p>{t.rich('serviceOperator', { code: (name) => <code>{name}</code> })}</p>
          <button type="button" className="button" onClick={() => location.reload()}>
            {shell('tryAgain')}
          </button>
        </div>
      )
  }
}

/** Shown after a sign-in with the cloud, whose servers are listed by project. */
function FirstChoice({ state }: { state: Extract<SignInState, { state: 'choosing-projects' }> }) {
  const t = useTranslations('signIn')
  const changed = useSignInChanged()
  const choice = useMutation({
    mutationFn: (projects: string[]) => chooseProjects({ projects }),
    onSuccess: changed,
  })
  const signOut = useSignOut()
  return (
    <Card title={t('projects')} lead={t('projectsLead', { name: state.user.name })}>
      <ProjectChooser
        projects={state.projects}
        chosen={[]}
        confirm={t('showServers')}
        pending={choice.isPending}
        error={choice.error ?? signOut.error}
        onChoose={(projects) => choice.mutate(projects)}
      />
      <button type="button" className={styles.plain} onClick={() => signOut.mutate(false)}>
        {t('other')}
      </button>
    </Card>
  )
}
