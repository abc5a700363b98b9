import { expect, it } from 'vitest'
import { change, get, post, record, tokenFor } from './reach.ts'
import { freshDirectory } from './signed-in.ts'

freshDirectory()

const path = '/api/sites/example/settings'
const rule = {
  name: 'own_1',
  title: 'Posts',
  sentence: 'It sent a form.',
  for: 'spam',
  weight: 60,
  test: 'posts > 0'
}
const put = (body: object) => change('PUT', path, body)
const settings = async () => (await get(path)).json<{ verdicts: unknown; robots_txt: string }>()

it('a site keeps paths marked as harmless, in their bounds', async () => {
  await post(await tokenFor('example'), JSON.stringify([record(1)]))
  const harmless_paths = ['/search', '/a b\u0000']
  expect((await put({ harmless_paths })).status).toBe(200)
  for (const wrong of [['x'.repeat(2_049)], [1], 'x', Array(201).fill('/')])
    expect((await put({ harmless_paths: wrong })).status).toBe(400)
  expect(await settings()).toMatchObject({ harmless_paths })
})

it('a site keeps the rules and domains of its owner and its robots.txt, in their bounds', async () => {
  await post(await tokenFor('example'), JSON.stringify([record(1)]))
  const verdicts = { weights: {}, decisions: [], rules: [rule], own_domains: ['example.com'] }
  expect((await put({ verdicts })).status).toBe(200)
  const robots_txt = '#'.repeat(32_768)
  expect((await put({ robots_txt })).status).toBe(200)
  expect(await settings()).toMatchObject({ verdicts, robots_txt })
  const wrong = [
    { robots_txt: robots_txt + '#' },
    { robots_txt: null },
    { verdicts: { ...verdicts, rules: [{ ...rule, test: 'a'.repeat(1_001) }] } },
    { verdicts: { ...verdicts, rules: [rule, rule] } },
    { verdicts: { ...verdicts, own_domains: ['WWW.example.com'] } },
    { verdicts: { ...verdicts, own_domains: ['a b'] } },
    { verdicts: { ...verdicts, own_domains: Array(51).fill('example.com') } }
  ]
  for (const body of wrong) expect((await put(body)).status).toBe(400)
  expect(await settings()).toMatchObject({ verdicts, robots_txt })
})
