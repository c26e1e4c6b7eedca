// Trouble with camera and microphone, in the sentences that help; and what the page asks of the screen.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { Browsers, stopAll } from './people.mjs';
import { Servers } from './servers.mjs';

const kFake = '--use-fake-device-for-media-stream';

describe('a page', () => {
  let servers, host, path;
  const started = [];
  before(async () => {
    servers = await Servers.start({ transports: ['udp'] });
    host = await (await start()).person('Hanna');
    path = await host.host();
  });
  after(async () => {
    await stopAll(started, servers);
  });

  async function start(options) {
    const browsers = await Browsers.start(options);
    started.push(browsers);
    return browsers;
  }

  const trouble = (person, sentence) => person.page.getByRole('alert').filter({ hasText: sentence }).waitFor();

  // Whatever is missing, the others can be seen and heard.
  async function joinsAllTheSame(person) {
    await person.audit();
    await person.page.getByLabel('Your name').fill(person.name);
    await person.click('Join now');
    await person.sees('Hanna', 'relay-udp');
    for (const name of ['Unmute', 'Start camera']) await person.button(name).waitFor();
    await person.audit();
    await person.click('Leave');
    await host.isGone(person.name);
  }

  it('that may use neither camera nor microphone says how to allow them', async () => {
    const browsers = await start({ devices: [kFake, '--use-fake-ui-for-media-stream=deny'] });
    const dora = await browsers.person('Dora', { mayUse: [] });
    await dora.open(path);
    await trouble(dora, 'The browser may not use your camera and microphone. Allow both with the icon beside the address');
    await joinsAllTheSame(dora);

    await dora.open('/check');
    await dora.click('Start check');
    for (const check of ['microphone', 'camera']) {
      await dora.page.locator(`[data-check=${check}][data-result=failed]`).getByText('The browser may not use it.').waitFor();
    }
    await dora.page.locator('[data-check=ipv6][data-result]').waitFor();
    await dora.status('Something is wrong with camera or microphone').waitFor();
  });

  it('that finds no camera says so, and uses the microphone', async () => {
    const browsers = await start({ devices: [`${kFake}=device-count=0`, '--use-fake-ui-for-media-stream'] });
    const nora = await browsers.person('Nora');
    await nora.open(path);
    await trouble(nora, 'No camera was found. The others see your name instead.');
    await nora.page.getByRole('switch', { name: 'Microphone', checked: true }).waitFor();
    await nora.page.getByRole('switch', { name: 'Camera', checked: false }).waitFor();
  });

  it('that finds no device at all says so', async (test) => {
    const browsers = await start({ devices: ['--use-fake-ui-for-media-stream'] });
    const nils = await browsers.person('Nils');
    await nils.open(path);
    if (await nils.page.evaluate(async () => (await navigator.mediaDevices.enumerateDevices()).length > 0)) return test.skip('this machine has devices');
    await trouble(nils, 'No camera and no microphone was found.');
    await joinsAllTheSame(nils);
  });

  it('whose devices another program uses says so, and takes them when they are free', async () => {
    const tara = await started[0].person('Tara');
    await tara.page.addInitScript(() => {
      const real = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
      window.isTaken = true;
      navigator.mediaDevices.getUserMedia = (wanted) => (window.isTaken ? Promise.reject(new DOMException('in use', 'NotReadableError')) : real(wanted));
    });
    await tara.open(path);
    await trouble(tara, 'Another program uses your camera and microphone.');
    await joinsAllTheSame(tara);
    await tara.open(path);
    await trouble(tara, 'Another program uses your camera and microphone.');
    await tara.page.evaluate(() => (window.isTaken = false));
    await tara.page.getByRole('switch', { name: 'Microphone' }).click();
    await trouble(tara, 'Another program uses your camera. Close it and start the camera again.');
    await tara.page.getByRole('switch', { name: 'Camera' }).click();
    await tara.page.getByRole('switch', { name: 'Camera', checked: true }).waitFor();
    assert.equal(await tara.page.getByRole('alert').filter({ hasText: /./ }).count(), 0);
    await tara.moves(tara.page.getByLabel('Preview'));
  });

  it('fills the screen, by the button and by its key, and leaves it again', async () => {
    const isFull = (full) => host.page.waitForFunction((wanted) => (document.fullscreenElement !== null) === wanted, full);
    await host.click('Full screen');
    await isFull(true);
    await host.click('Full screen');
    await isFull(false);
    await host.page.keyboard.press('s');
    await isFull(true);
    await host.page.keyboard.press('s');
    await isFull(false);
    await host.page.setViewportSize({ width: 390, height: 844 });
    for (const full of [true, false]) {
      await host.click('More');
      await host.click('Full screen');
      await isFull(full);
    }
    await host.page.setViewportSize({ width: 1280, height: 800 });
  });

  it('takes the call out into a small window, with what is needed at once', async () => {
    const paul = await started[0].person('Paul');
    await paul.join(path);
    await host.sees('Paul');
    await host.click('Picture in picture');
    const inWindow = (look, argument) => host.page.waitForFunction(look, argument);
    await inWindow(() => window.documentPictureInPicture.window?.document.querySelector('[role=group][aria-label=Paul] video')?.currentTime > 0);
    await host.page.evaluate(() => window.documentPictureInPicture.window.document.querySelector('[aria-label=Mute]').click());
    await host.button('Unmute').waitFor();
    await inWindow(() => window.documentPictureInPicture.window.document.querySelector('[aria-label=Unmute]') !== null);
    await host.click('Picture in picture');
    await inWindow(() => window.documentPictureInPicture.window === null);
  });
});
