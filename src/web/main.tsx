import './styles.css'
import { QueryClientProvider } from '@tanstack/react-query'
import { RouterProvider } from '@tanstack/react-router'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { activity } from './api/activity.ts'
import { createQueryClient } from './api/query-client.ts'
import type { Words } from './locales/en.ts'
import { type Language, loadWords } from './locales/words.ts'
import { WordsProvider } from './locales/words-provider.tsx'
import { router } from './router.ts'
import { settings } from './settings/settings.ts'

declare module 'use-intl' {
  interface AppConfig {
    Messages: Words
    Locale: Language
  }
}

activity.watch(window)
const root = document.getElementById('root')
if (!root) throw new Error('index.html has no #root')

// Not awaited at the top: every chunk that shares code with this one would have to wait for it, and be split off.
void loadWords(settings.language()).then((first) =>
  createRoot(root).render(
    <StrictMode>
      <WordsProvider first={first}>
        <QueryClientProvider client={createQueryClient()}>
          <RouterProvider router={router} />
        </QueryClientProvider>
      </WordsProvider>
    </StrictMode>,
  ),
)
