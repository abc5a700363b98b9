import { describe, expect, test } from 'vitest'
import { readConfig } from '../../src/lib/alert/config-file.ts'
import { readAlertRules } from '../../src/lib/schema/alerts.ts'

const whole = `
[Stats]
interval = 30

# two alerts
[Alerts]
high_traffic = 300, 120
peak = 1000, 5

[Output]
displayer = file
file_name = /tmp/alerts.log

[Logging]
debug = False
log_to_stdout = True
log_to_file = /tmp/monitor.log
`

test('a config.cfg of HttpLogMonitor is read whole', () => {
  const config = readConfig(whole)
  expect(config).toMatchObject({
    interval: 30,
    displayer: 'file',
    file: '/tmp/alerts.log',
    logging: { debug: false, toStdout: true, toFile: '/tmp/monitor.log' }
  })
  expect(config.rules.map(({ id, title, threshold, window }) => [id, title, threshold, window])).toEqual([
    ['high_traffic', 'High traffic', 300, 120],
    ['peak', 'Peak', 1000, 5]
  ])
  expect(readAlertRules(config.rules)).toBe(config.rules)
})

test('what a file leaves out is as HttpLogMonitor has it', () => {
  expect(readConfig('')).toMatchObject({ interval: 10, rules: [], displayer: 'stdout' })
  expect(readConfig('[Stats]\ninterval = -1').interval).toBe(0)
})

describe('a file that is wrong is refused where it is wrong', () => {
  test.each([
    ['[Alerts]\nhigh = 0, 10', 'line 2, high = 0, 10: threshold and seconds are greater than 0'],
    ['[Alerts]\nhigh = 10', 'line 2, high = 10: an alert is name = threshold, seconds'],
    ['[Alerts]\nhigh = many, 10', 'line 2, high = many, 10: many is not a number'],
    ['[Alerts]\nhigh = 1, 1.5', 'line 2, high = 1, 1.5: 1.5 is not a whole number of seconds'],
    ['[Output]\ndisplayer = printer', 'line 2, displayer = printer: a displayer is one of stdout, log, file'],
    ['[Output]\ndisplayer = file', '[Output] displayer = file wants a file_name'],
    ['[Mail]\nto = me', 'line 2, to = me: there is no section [mail]'],
    ['interval = 1', 'line 1, interval = 1: it stands before any section'],
    ['[Stats]\nevery minute', 'line 2, every minute: it is neither [Section] nor name = value']
  ])('%j', (text, message) => {
    expect(() => readConfig(text)).toThrow(message)
  })
})
