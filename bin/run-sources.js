// `node --import ./bin/run-sources.js`: runs TypeScript as it stands. For threads that tests start; a program runs what was built.
import { register } from 'node:module'

register('./typescript-hooks.js', import.meta.url)
