import { type Logger, pino } from 'pino'

/** Nothing that logs should hand these over; if it does all the same, they do not reach the log. */
const secrets = ['password', 'token', 'secret', 'secrets', 'settings', 'authorization', 'cookie']
const paths = secrets.flatMap((name) => [name, `*.${name}`, `*.*.${name}`])

/** JSON lines on standard error; standard output is for people. */
export function createLogger(level: string): Logger {
  return pino({ level, base: null, redact: paths, timestamp: pino.stdTimeFunctions.isoTime }, pino.destination(2))
}
