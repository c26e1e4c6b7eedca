// The basic call between Firefox and Chromium.
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { Browsers, stopAll } from './people.mjs';
import { kOrigin, Servers } from './servers.mjs';

const puppeteer = createRequire(join(process.env.TURND_WEB, 'package.json'))('puppeteer-core');
const kFirefox = ['/usr/bin/firefox-esr', '/usr/bin/firefox'].find((path) => existsSync(path));
const kPreferences = {
  'media.navigator.streams.fake': true,
  'media.navigator.permission.disabled': true,
  'media.autoplay.default': 0,
  'media.peerconnection.ice.loopback': true,
};

describe('Firefox', { skip: !kFirefox && 'Firefox is not installed' }, () => {
  let servers, browsers, firefox;
  before(async () => {
    servers = await Servers.start({ transports: ['udp'] });
    browsers = await Browsers.start();
    firefox = await puppeteer.launch({ browser: 'firefox', executablePath: kFirefox, headless: true, extraPrefsFirefox: kPreferences });
  });
  after(async () => {
    await firefox?.close();
    await stopAll(browsers, servers);
  });

  it('calls Chromium through the relay, and both see each other', async () => {
    const anna = await browsers.person('Anna');
    const path = await anna.host();
    const page = await firefox.newPage();
    await page.goto(kOrigin + path);
    const control = (role, name) => page.locator(`::-p-aria([name="${name}"][role="${role}"])`).setTimeout(60_000);
    await control('textbox', 'Your name').fill('Fox');
    await control('button', 'Join now').click();
    await anna.sees('Fox', 'relay-udp');
    await page.waitForFunction(() => document.querySelector('[role=group][aria-label=Anna]')?.dataset.state === 'connected', { timeout: 60_000 });
    const seen = () => page.evaluate(() => document.querySelector('[role=group][aria-label=Anna] video').currentTime);
    const before = await seen();
    await page.waitForFunction((then) => document.querySelector('[role=group][aria-label=Anna] video').currentTime > then + 1, { timeout: 60_000 }, before);
  });
});
