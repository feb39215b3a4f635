import { createHash } from 'node:crypto'
import type { FastifyInstance, FastifyReply } from 'fastify'
import type { HelpSettings } from '../../domain/help-settings.ts'
import { readHelpSettings } from '../../store/help-setting.ts'
import type { HttpDeps } from '../deps.ts'
import { HttpError } from '../http-error.ts'
import { pageScript } from './script.ts'
import { pageStyles, themeStyles } from './styles.ts'

const hashOf = (text: string) => createHash('sha256').update(text).digest('base64url').slice(0, 16)
const ours = {
  [`page-${hashOf(pageStyles)}.css`]: { type: 'text/css; charset=utf-8', text: pageStyles },
  [`page-${hashOf(pageScript)}.js`]: { type: 'text/javascript; charset=utf-8', text: pageScript },
}
const [stylesName, scriptName] = Object.keys(ours) as [string, string]

export interface AssetUrls {
  readonly styles: string
  readonly theme: string
  readonly script: string
}

/** Under names that change with what is in them. */
export function assetUrls(settings: HelpSettings): AssetUrls {
  const at = (name: string) => `/help/assets/${name}`
  return { styles: at(stylesName), theme: at(`theme-${hashOf(themeStyles(settings))}.css`), script: at(scriptName) }
}

export function registerHelpAssets(app: FastifyInstance, deps: HttpDeps): void {
  app.get('/help/assets/:name', { schema: { hide: true } }, async (request, reply) => {
    const { name } = request.params as { name: string }
    const known = Object.hasOwn(ours, name) ? ours[name] : undefined
    if (known) return send(reply, known.type, known.text, true)
    if (!/^theme-[\w-]{16}\.css$/.test(name)) throw new HttpError(404, 'notFound', 'There is nothing here.')
    // A page from before the last change of the colours gets the new ones, for a short time.
    const text = themeStyles(await readHelpSettings(deps.db.pool))
    return send(reply, 'text/css; charset=utf-8', text, name === `theme-${hashOf(text)}.css`)
  })
}

function send(reply: FastifyReply, type: string, text: string, current: boolean) {
  return reply
    .header('cache-control', current ? 'public, max-age=31536000, immutable' : 'public, max-age=60')
    .type(type)
    .send(text)
}
