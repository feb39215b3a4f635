import { migrate } from '../store/database.ts'
import { requireDatabase } from '../store/database-check.ts'
import { backUpBeforeMigration } from './before-migration.ts'
import type { Command } from './command.ts'
import { withSite } from './site.ts'

export const migrateCommand: Command = {
  name: 'migrate',
  about: 'Brings the tables of the database to this release. start does the same by itself.',
  options: { 'no-backup': { type: 'boolean', about: 'Does not back up a database of our own first.' } },
  run: ({ values }, output) =>
    withSite(async ({ target, dataDir, config }) => {
      await requireDatabase(target)
      const backUp = config.databaseUrl === undefined && values['no-backup'] !== true
      const file = backUp ? await backUpBeforeMigration(target, dataDir) : undefined
      if (file !== undefined) output.say(`The tables as they were: ${file}`)
      const done = await migrate(target)
      output.say(
        done === 0
          ? 'Nothing to do: the tables are those of this release.'
          : `${done} migration${done === 1 ? '' : 's'} done.`,
      )
      return 0
    }),
}
