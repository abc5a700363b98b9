import { describe, expect, it } from 'vitest'
import { readPush } from '../../../cli/push/options.ts'

const environment = { LOGGIA_URL: 'https://loggia.example.org/s/shop?p=7d', LOGGIA_TOKEN: ' lgi_secret\n' }

describe('the options of push', () => {
  it('come from the environment, and the command line goes first', () => {
    expect(readPush(['a.log'], environment)).toMatchObject({
      names: ['a.log'],
      url: 'https://loggia.example.org',
      token: 'lgi_secret',
      parallel: 4
    })
    expect(readPush(['a.log', '--site', 'Shop'], environment).site).toBe('shop')
    expect(readPush(['a.log', '--to', 'http://localhost:8787/'], environment).url).toBe(
      'http://localhost:8787'
    )
  })

  it.each([
    [[], environment, 'push needs a log'],
    [['a.log'], {}, 'set LOGGIA_URL'],
    [['a.log', '--to', 'loggia.example.org'], environment, 'begins with https://'],
    [['a.log'], { LOGGIA_URL: environment.LOGGIA_URL }, 'set LOGGIA_TOKEN'],
    [['a.log', '--parallel', '0'], environment, 'from 1 to 32'],
    [['a.log', '--site', 'a', '--service', 'b'], environment, 'exclude each other'],
    [['a.log', '--site', 'a/b'], environment, 'not the name of a site'],
    [['a.log', '--follow', '--dry-run'], environment, 'exclude each other']
  ])('%j are refused with a sentence', (args, environment, sentence) => {
    expect(() => readPush(args, environment)).toThrow(sentence)
  })
})
