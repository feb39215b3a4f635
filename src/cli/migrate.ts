import { migrate } from '../store/database.ts'
import { requireDatabase } from '../store/database-check.ts'
import type { Command } from './command.ts'
import { withSite } from './site.ts'

export const migrateCommand: Command = {
  name: 'migrate',
  about: 'Brings the tables of the database to this release. start does the same by itself.',
  options: {},
  run: (_input, output) =>
    withSite(async ({ target }) => {
      await requireDatabase(target)
      const done = await migrate(target)
      output.say(
        done === 0
          ? 'Nothing to do: the tables are those of this release.'
          : `${done} migration${done === 1 ? '' : 's'} done.`,
      )
      return 0
    }),
}
