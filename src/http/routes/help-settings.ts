import { actorOf } from '../../domain/principal.ts'
import { foreignFiles } from '../../store/article-file.ts'
import { findFile } from '../../store/file.ts'
import { readHelpSettings, writeHelpSettings } from '../../store/help-setting.ts'
import { helpSettings } from '../../wire/article.ts'
import type { Api } from '../api.ts'
import type { HttpDeps } from '../deps.ts'
import { principalOf, requireLead } from '../guard.ts'
import { contactDoor } from '../help/contact-door.ts'
import { badField } from '../http-error.ts'

/** How the public pages look and speak. */
export function registerHelpSettings(app: Api, deps: HttpDeps): void {
  const { pool } = deps.db
  app.get(
    '/help-settings',
    {
      config: { access: 'read' },
      schema: { summary: 'How the help centre looks and speaks', response: { 200: helpSettings } },
    },
    () => readHelpSettings(pool) as never,
  )
  app.put(
    '/help-settings',
    {
      config: { access: 'write' },
      schema: {
        summary: 'Change it; supervisors and administrators',
        body: helpSettings,
        response: { 200: helpSettings },
      },
    },
    async (request) => {
      requireLead(request)
      const { logoId } = request.body
      if (logoId !== null) await requirePicture(deps, logoId, actorOf(principalOf(request)))
      await requireDoor(deps, request.body.contactInboxId)
      await writeHelpSettings(pool, request.body as never)
      return readHelpSettings(pool) as never
    },
  )
}

/** The one it is may be down just now. */
async function requireDoor(deps: HttpDeps, inboxId: string | null): Promise<void> {
  if (inboxId === null || (await readHelpSettings(deps.db.pool)).contactInboxId === inboxId) return
  if ((await contactDoor(deps, inboxId)) === null) {
    throw badField('contactInboxId', 'is no inbox that can answer people by mail or on their page')
  }
}

async function requirePicture({ db: { pool } }: HttpDeps, id: string, owner: string): Promise<void> {
  const file = await findFile(pool, id)
  const kept = (await readHelpSettings(pool)).logoId === id
  const theirs = kept || (await foreignFiles(pool, [id], owner)).length === 0
  if (!file || !theirs || !file.type.startsWith('image/')) throw badField('logoId', 'is no picture of yours')
}
