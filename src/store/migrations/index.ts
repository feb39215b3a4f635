import { Spine0001 } from './0001-spine.ts'

// Listed by import: a glob would name .ts files in the sources and .js files in the build.
export const migrations = [Spine0001]
