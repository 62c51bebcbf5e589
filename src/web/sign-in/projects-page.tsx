import { useMutation, useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useTranslations } from 'use-intl'
import { chooseProjects } from '../api/client.ts'
import { projectsQuery } from '../api/queries.ts'
import { base } from '../base.ts'
import { LoadFailure } from '../ui/load-failure.tsx'
import { Card } from './card.tsx'
import { useSignInChanged } from './changed.ts'
import { ownPath } from './own-path.ts'
import { ProjectChooser } from './project-chooser.tsx'
import styles from './sign-in.module.css'

/** Changes the choice of projects. */
export default function ProjectsPage({ to }: { to: string | undefined }) {
  const t = useTranslations('signIn')
  const navigate = useNavigate()
  const { data, error, refetch } = useQuery(projectsQuery())
  const changed = useSignInChanged()
  const back = () => void navigate({ href: base + ownPath(to), replace: true })
  const choice = useMutation({
    mutationFn: (projects: string[]) => chooseProjects({ projects }),
    onSuccess: async () => {
      await changed()
      back()
    },
  })
  return (
    <Card title={t('projects')} lead={t('changeLead')}>
      {data ? (
        <ProjectChooser
          projects={data.projects}
          chosen={data.chosen}
          confirm={t('showServers')}
          pending={choice.isPending}
          error={choice.error}
          onChoose={(projects) => choice.mutate(projects)}
        />
      ) : error === null ? (
        <p role="status" className={styles.dim}>
          {t('loading')}
        </p>
      ) : (
        <LoadFailure error={error} onRetry={refetch} />
      )}
      <button type="button" className={styles.plain} onClick={back}>
        {t('asBefore')}
      </button>
    </Card>
  )
}
