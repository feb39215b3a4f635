import { expect, onTestFinished, test } from 'vitest'
import { openDatabase } from '../../src/store/database.ts'
import { testDatabase } from '../support/database.ts'
import { pausableDatabase } from '../support/pausable-database.ts'

test('closing ends a listening connection that is only being made', async () => {
  const own = await testDatabase()
  onTestFinished(() => own.close())
  const way = await pausableDatabase(own.target)
  onTestFinished(() => way.close())
  const db = await openDatabase(way.target)
  way.freeze()
  db.notifications.listen(
    ['feed'],
    () => {},
    () => expect.unreachable('The server cannot have answered.'),
  )
  const closed = db.close()
  way.cut()
  await closed
})
