import { Spine0001 } from './0001-spine.ts'
import { Stamp0002 } from './0002-stamp.ts'

// Listed by import: a glob would name .ts files in the sources and .js files in the build.
export const migrations = [Spine0001, Stamp0002]
