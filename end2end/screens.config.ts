// Owns how the pictures of all pages are taken. It judges nothing, so it is no part of the tests.
//
//   node_modules/.bin/playwright test -c screens.config.ts [-g NAME]
//
// takes the release binary (STUDYHALL_BIN names another one) and leaves every page in screens/, wide and narrow, light and
// dark: NAME.1280.light.png and so on (SCREENS names another folder).
import base from './playwright.config.ts'

export default { ...base, testMatch: 'screens.ts', timeout: 600_000, reporter: 'list' }
