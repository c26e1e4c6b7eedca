// The short form of the calls, for every change: two people meet through the relay and write to each other.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { Browsers, stopAll } from './people.mjs';
import { Servers } from './servers.mjs';

describe('two people', () => {
  let servers, browsers;
  before(async () => {
    servers = await Servers.start({ transports: ['udp'] });
    browsers = await Browsers.start();
  });
  after(async () => {
    await stopAll(browsers, servers);
  });

  it('meet through the relay, see each other, write, and part', async () => {
    const [anna, ben] = [await browsers.person('Anna'), await browsers.person('Ben')];
    await ben.join(await anna.host());
    await anna.sees('Ben', 'relay-udp');
    await ben.sees('Anna', 'relay-udp');
    await anna.audit();
    await ben.says('Hello Anna');
    const chat = anna.page.getByRole('button', { name: 'Chat', exact: true });
    await chat.getByText('1 new').waitFor();
    assert.equal(await chat.evaluate((button) => document.getElementById(button.getAttribute('aria-describedby')).textContent), '1 new');
    await anna.reads('Hello Anna');
    await ben.click('Mute');
    await (await anna.people()).getByRole('listitem').filter({ hasText: 'Ben' }).getByRole('button', { name: 'Ask Ben to unmute' }).waitFor();
    await (await ben.people()).getByRole('listitem').filter({ hasText: 'Ben (you)' }).getByText('Muted').waitFor();

    // What is said beside an open dialog is neither seen nor heard: it is said in it.
    await anna.click('Details of Ben');
    const details = anna.page.getByRole('dialog');
    await details.getByRole('button', { name: 'Copy report' }).click();
    await details.getByRole('status').getByText('Copied').waitFor();
    await anna.page.keyboard.press('Escape');

    await ben.click('Leave');
    await ben.page.getByRole('heading', { name: 'You left the meeting' }).waitFor();
    await anna.isGone('Ben');
  });
});
