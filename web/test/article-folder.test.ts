import { expect, it } from 'vitest'
import { insideOf } from '../src/data/article-folder.ts'

const paths = (...given: string[]) =>
  insideOf(given.map((path) => ({ path, file: new File([], 'x') }))).map((one) => one.path)

it('sends articles and their files without the name of the folder', () => {
  expect(paths('articles/en/fees/maker.md', 'articles/files/chart.png')).toEqual([
    'en/fees/maker.md',
    'files/chart.png',
  ])
})

it('leaves out what lies around a folder of articles', () => {
  expect(
    paths('a/README.md', 'a/.git/x/config.md', 'a/en/fees/.DS_Store', 'a/en/fees/x.html', 'a/files/.hidden'),
  ).toEqual([])
})

it('sends an article in a wrong place all the same, for it to be refused by name', () => {
  expect(paths('a/en/maker.md')).toEqual(['en/maker.md'])
})
