// People in browsers: what a test does with the page, in the page's own words.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { kOrigin } from './servers.mjs';

const { chromium } = createRequire(join(process.env.TURND_WEB, 'package.json'))('playwright-core');
const kAxe = readFileSync(join(process.env.TURND_WEB, 'node_modules/axe-core/axe.min.js'), 'utf8');

const kFlags = [
  '--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage', '--ignore-certificate-errors', '--autoplay-policy=no-user-gesture-required',
  '--auto-select-desktop-capture-source=Entire screen',
];
// Few pictures a second: four browsers encode on two cores here.
const kDevices = ['--use-fake-device-for-media-stream=device-count=3,fps=5', '--use-fake-ui-for-media-stream'];
const kPatience = 60_000;

export class Browsers {
  errors = [];

  // `devices` are the flags that say which devices there are, and whether pages may use them.
  static async start({ devices = kDevices } = {}) {
    const browsers = new Browsers();
    browsers.browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: [...kFlags, ...devices] });
    return browsers;
  }

  // Somebody with a browser of their own; `relayOnly` as the switch before joining sets it.
  async person(name, { relayOnly = true, viewport = { width: 1280, height: 800 }, locale = 'en-US', mayUse = ['camera', 'microphone'] } = {}) {
    const context = await this.browser.newContext({ locale, viewport, permissions: [...mayUse, 'clipboard-read', 'clipboard-write'] });
    await context.addInitScript(`if (!localStorage.getItem('signald.relayOnly')) localStorage.setItem('signald.relayOnly', '${relayOnly}');`);
    const page = await context.newPage();
    page.setDefaultTimeout(kPatience);
    page.on('pageerror', (error) => this.errors.push(`${name}: ${error.stack ?? error}`));
    page.on('console', (line) => {
      if (/Content Security Policy|requires 'Trusted/.test(line.text())) this.errors.push(`${name}: ${line.text()}`);
    });
    return new Person(name, page);
  }

  // Whatever the test looked at: no page may have thrown, or asked for what its policy forbids.
  async stop() {
    await this.browser.close();
    assert.deepEqual(this.errors, []);
  }
}

// At the end of a test, as far as they were started. A page that had an error leaves no server behind.
export async function stopAll(browsers, servers) {
  try {
    for (const each of [browsers].flat()) await each?.stop();
  } finally {
    await servers?.stop();
  }
}

export class Person {
  constructor(name, page) {
    Object.assign(this, { name, page });
  }

  button(name, exact = true) {
    return this.page.getByRole('button', { name, exact });
  }

  click(name) {
    return this.button(name).click();
  }

  tile(name) {
    return this.page.getByRole('group', { name, exact: true });
  }

  status(text) {
    return this.page.getByRole('status').filter({ hasText: text }).first();
  }

  async open(path) {
    await this.page.goto(kOrigin + path);
  }

  async createAccount(email = `${this.name.toLowerCase()}@example.org`) {
    await this.open('/auth');
    await this.page.getByLabel('E-mail').fill(email);
    await this.page.getByLabel('Password').fill('correct horse');
    await this.page.getByLabel('Name', { exact: true }).fill(this.name);
    await this.click('Create account');
    await this.button('New meeting').waitFor();
  }

  async signIn(email, password) {
    await this.open('/auth');
    await this.page.getByLabel('E-mail').fill(email);
    await this.page.getByLabel('Password').fill(password);
    await this.button('Sign in').click();
    await this.button('New meeting').waitFor();
  }

  // What the page itself would send.
  async post(path, body) {
    await this.sends('POST', path, body);
  }

  async sends(method, path, body) {
    const status = await this.page.evaluate(async ([how, to, text]) => {
      const headers = { 'X-CSRF-Token': decodeURIComponent(/csrf=([^;]+)/.exec(document.cookie)[1]) };
      if (text) headers['Content-Type'] = 'application/json';
      return (await fetch(to, { method: how, headers, body: text })).status;
    }, [method, path, body && JSON.stringify(body)]);
    assert.ok(status < 300, `${method} ${path}: ${status}`);
  }

  async accountId() {
    return (await this.page.evaluate(async () => (await fetch('/api/auth/me')).json())).data.id;
  }

  // Returns the path of a new meeting, in which this person is.
  async host() {
    await this.createAccount();
    await this.click('New meeting');
    await this.click('Join now');
    await this.button('Leave').waitFor();
    return new URL(this.page.url()).pathname;
  }

  async knock(path) {
    await this.open(path);
    await this.page.getByLabel('Your name').fill(this.name);
    await this.click('Join now');
  }

  async join(path) {
    await this.knock(path);
    await this.button('Leave').waitFor();
  }

  // Until we are connected with that person and their picture moves.
  async sees(name, path) {
    const tile = this.tile(name);
    await this.page.waitForFunction(
      ([label, way]) => {
        const found = document.querySelector(`[role=group][aria-label="${label}"]`);
        return found?.dataset.state === 'connected' && (!way || found.dataset.path.startsWith(way));
      },
      [name, path],
    ).catch(async (error) => {
      const tiles = await this.page.locator('[role=group][data-state]').evaluateAll((all) => all.map((one) => `${one.ariaLabel} ${one.dataset.state} ${one.dataset.path}`));
      throw new Error(`${this.name} does not see ${name} ${path ?? ''}, but ${tiles.join(', ') || (await this.page.innerText('body'))}`, { cause: error });
    });
    await this.moves(tile.locator('video'));
  }

  async moves(video) {
    await video.evaluate((element) => new Promise((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error(`the picture stands still at ${element.currentTime}, ${element.videoWidth} wide`)), 40_000);
      let frames = 0;
      const next = () => (++frames >= 5 ? (clearTimeout(timer), resolve()) : element.requestVideoFrameCallback(next));
      element.requestVideoFrameCallback(next);
    }));
  }

  // The lines, in a call once its panel is open.
  async chat() {
    const log = this.page.getByRole('log', { name: 'Messages' });
    await log.or(this.button(/^Chat/)).first().waitFor();
    if (!(await log.isVisible())) await this.button(/^Chat/).click();
    return log;
  }

  async says(text) {
    await this.chat();
    await this.page.getByRole('textbox', { name: 'Message' }).fill(text);
    await this.click('Send');
    await this.reads(text);
  }

  async reads(text) {
    const log = await this.chat();
    await log.getByText(text, { exact: true }).waitFor();
  }

  async people() {
    const list = this.page.getByRole('list', { name: 'People' });
    if (!(await list.isVisible())) await this.page.getByRole('toolbar').getByRole('button', { name: /^People/ }).click();
    await list.waitFor();
    return list;
  }

  // What axe finds wrong with the page as it is now.
  async audit() {
    await this.page.evaluate(kAxe);
    // What still fades in has no contrast yet.
    await this.page.evaluate(() => Promise.allSettled(document.getAnimations()
      .filter((each) => each.effect.getComputedTiming().endTime !== Infinity).map((each) => each.finished)));
    const { violations } = await this.page.evaluate(() => window.axe.run());
    assert.deepEqual(violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join(' ')}`), []);
  }

  async wear(theme) {
    await this.page.evaluate((value) => localStorage.setItem('signald.theme', JSON.stringify(value)), theme);
    await this.page.reload();
  }

  async isGone(name) {
    await this.tile(name).waitFor({ state: 'detached' });
    assert.equal(await this.tile(name).count(), 0);
  }
}
