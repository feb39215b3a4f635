import { execFileSync } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, readFileSync, statSync } from 'node:fs'
import { basename, join } from 'node:path'

/** A Dockerfile carried out in folders instead of images, for machines without a Docker engine. */
export interface Image {
  /** What would be `/` of the last stage. */
  readonly root: string
  readonly workdir: string
  readonly env: Readonly<Record<string, string>>
  readonly command: readonly string[]
  readonly healthcheck: readonly string[]
  readonly user: string | undefined
}

interface Stage {
  readonly root: string
  readonly env: Record<string, string>
  workdir: string
  user?: string
  entrypoint: string[]
  cmd: string[]
  healthcheck: string[]
}

interface Replay {
  readonly checkout: string
  readonly folder: string
  readonly stages: Map<string, Stage>
}

type Step = (stage: Stage, rest: string, replay: Replay) => void

const steps: Record<string, Step> = {
  WORKDIR: (stage, rest) => {
    stage.workdir = rest
    mkdirSync(inside(stage, '.'), { recursive: true })
  },
  ENV: (stage, rest) => {
    for (const pair of rest.split(/\s+/))
      stage.env[pair.slice(0, pair.indexOf('='))] = pair.slice(pair.indexOf('=') + 1)
  },
  COPY: copy,
  RUN: (stage, rest) => {
    const env = { ...process.env, ...stage.env, npm_config_cache: join(stage.root, '.npm') }
    execFileSync('/bin/sh', ['-ec', rest], { cwd: inside(stage, '.'), env, stdio: 'pipe' })
  },
  USER: (stage, rest) => {
    stage.user = rest
  },
  ENTRYPOINT: (stage, rest) => {
    stage.entrypoint = JSON.parse(rest)
  },
  CMD: (stage, rest) => {
    stage.cmd = JSON.parse(rest)
  },
  HEALTHCHECK: (stage, rest) => {
    stage.healthcheck = JSON.parse(/CMD (\[.*\])$/.exec(rest)?.[1] ?? '[]')
  },
  VOLUME: () => {},
  EXPOSE: () => {},
}

export function replayDockerfile(checkout: string, folder: string): Image {
  const replay: Replay = { checkout, folder, stages: new Map() }
  let stage: Stage | undefined
  for (const [word, rest] of instructions(readFileSync(join(checkout, 'Dockerfile'), 'utf8'))) {
    if (word === 'FROM') {
      stage = newStage(replay, / AS (\S+)$/i.exec(rest)?.[1])
      continue
    }
    const step = steps[word]
    if (!stage || !step) throw new Error(`This replay does not know ${word} ${rest}`)
    step(stage, rest, replay)
  }
  if (!stage) throw new Error('The Dockerfile has no stage.')
  const { root, env, healthcheck, user, workdir } = stage
  return { root, env, healthcheck, user, workdir: join(root, workdir), command: [...stage.entrypoint, ...stage.cmd] }
}

function instructions(text: string): [string, string][] {
  const lines = text.replaceAll(/\\\n\s*/g, ' ').split('\n')
  return lines
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => {
      const [word = ''] = line.split(/\s/)
      return [word, line.slice(word.length).trim()]
    })
}

function newStage({ folder, stages }: Replay, name = `stage-${stages.size}`): Stage {
  const stage = { root: join(folder, name), env: {}, workdir: '/', entrypoint: [], cmd: [], healthcheck: [] }
  mkdirSync(stage.root, { recursive: true })
  stages.set(name, stage)
  return stage
}

const inside = (stage: Stage, path: string) => join(stage.root, path.startsWith('/') ? path : join(stage.workdir, path))

function copy(stage: Stage, rest: string, replay: Replay): void {
  const words = rest.split(/\s+/)
  const from = words.find((word) => word.startsWith('--from='))?.slice('--from='.length)
  const paths = words.filter((word) => !word.startsWith('--'))
  const destination = paths.pop() ?? ''
  for (const path of paths) {
    const target = inside(stage, destination)
    if (from !== undefined) copyOne(join(replay.stages.get(from)?.root ?? '', path), target, destination)
    else
      for (const file of contextFiles(replay.checkout, path)) copyFile(replay.checkout, file, path, target, destination)
  }
}

function copyOne(source: string, target: string, destination: string): void {
  const into = statSync(source).isDirectory() || !destination.endsWith('/') ? target : join(target, basename(source))
  cpSync(source, into, { recursive: true, verbatimSymlinks: true })
}

function copyFile(...[checkout, file, path, target, destination]: [string, string, string, string, string]): void {
  const isFile = file === path
  const into = isFile
    ? destination.endsWith('/')
      ? join(target, file)
      : target
    : join(target, file.slice(path.length + 1))
  cpSync(join(checkout, file), into)
}

/** What `docker build` would be given of this path: no file that git or .dockerignore leaves out. */
function contextFiles(checkout: string, path: string): string[] {
  const listed = execFileSync('git', ['ls-files', '-co', '--exclude-standard', '--', path], {
    cwd: checkout,
    encoding: 'utf8',
  })
  const ignored = readFileSync(join(checkout, '.dockerignore'), 'utf8').trim().split('\n')
  const files = listed
    .trim()
    .split('\n')
    .filter(
      (file) =>
        existsSync(join(checkout, file)) && !ignored.some((rule) => file === rule || file.startsWith(`${rule}/`)),
    )
  if (files.length === 0) throw new Error(`COPY ${path}: there is nothing of that name in the build context.`)
  return files
}
