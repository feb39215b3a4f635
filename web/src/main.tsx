import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { RouterProvider } from '@tanstack/react-router'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { I18nextProvider } from 'react-i18next'
import type { Me } from '../../src/wire/session.ts'
import './app.css'
import { Toaster } from './components/toaster.tsx'
import { ApiError, createApi } from './data/api.ts'
import { createPreferences, languageOf } from './data/preferences.ts'
import { GroundContext } from './data/services.ts'
import { become } from './data/session.ts'
import { createToasts } from './data/toasts.ts'
import { changeLanguage, openLanguage } from './i18n.ts'
import { openRouter } from './router.tsx'

async function start(root: HTMLElement): Promise<void> {
  const preferences = createPreferences()
  const cache = new QueryClient({
    defaultOptions: {
      queries: {
        // Freshness comes from the live socket's hints, not from age.
        staleTime: Number.POSITIVE_INFINITY,
        refetchOnWindowFocus: false,
        retry: (count, error) =>
          count < 3 && (!(error instanceof ApiError) || error.status === 0 || error.status >= 500),
      },
    },
  })
  const api = createApi({
    csrfToken: () => cache.getQueryData<Me | null>(['me'])?.csrfToken ?? null,
    onSignedOut: () => {
      become(cache, null)
      void router.invalidate()
    },
  })
  const ground = { api, preferences, toasts: createToasts() }
  const router = openRouter({ cache, ground })
  const wantedLanguage = () => languageOf(preferences.get(), navigator.languages)
  const words = await openLanguage(wantedLanguage())
  await changeLanguage(words, wantedLanguage())
  preferences.subscribe(() => {
    if (words.language !== wantedLanguage()) void changeLanguage(words, wantedLanguage())
  })

  createRoot(root).render(
    <StrictMode>
      <I18nextProvider i18n={words}>
        <GroundContext value={ground}>
          <QueryClientProvider client={cache}>
            <RouterProvider router={router} />
            <Toaster toasts={ground.toasts} />
          </QueryClientProvider>
        </GroundContext>
      </I18nextProvider>
    </StrictMode>,
  )
}

const element = document.getElementById('root')
if (element) void start(element)
