import { actorOf, type Principal } from '../../domain/principal.ts'
import { type EditFault, EditRefused, saveText } from '../../help/edit-article.ts'
import type { WrittenText } from '../../store/article-text.ts'
import { type Queryable, transaction } from '../../store/database.ts'
import type { HttpDeps } from '../deps.ts'
import { badField, HttpError, notFound } from '../http-error.ts'

/** One transaction; what the help centre refuses becomes an answer. */
export async function editing<T>(deps: HttpDeps, work: (tx: Queryable) => Promise<T>): Promise<T> {
  try {
    return await transaction(deps.db, work)
  } catch (error) {
    throw error instanceof EditRefused ? refusals[error.fault]() : error
  }
}

const refusals: Readonly<Record<EditFault, () => HttpError>> = {
  missing: () => notFound('This article or text'),
  taken: () => new HttpError(409, 'exists', 'Another page of the help centre has this address.'),
  stale: () => new HttpError(409, 'conflict', 'Somebody saved this text meanwhile. Look again, then save.'),
  foreignFile: () => badField('body', 'names a file that is neither yours nor in the help centre already'),
}

export function writtenBy(who: Principal) {
  const by = actorOf(who)
  return {
    by,
    save: (tx: Queryable, text: Omit<WrittenText, 'by'>, basedOn?: number | undefined) =>
      saveText(tx, { ...text, by }, { basedOn, owner: by }),
  }
}
