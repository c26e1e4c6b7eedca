// What an account has: its profile, invitations and meetings; and the lobby's history, read out to nobody.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { Browsers, stopAll } from './people.mjs';
import { Servers } from './servers.mjs';

describe('an account', () => {
  let servers, browsers;
  before(async () => {
    servers = await Servers.start({ transports: ['udp'], signald: { limits: { messages: '0', rate_chat: '0', meetings: '0' } } });
    browsers = await Browsers.start();
  });
  after(async () => {
    await stopAll(browsers, servers);
  });

  async function withAccount(name) {
    const person = await browsers.person(name);
    await person.createAccount();
    return person;
  }

  it('saves its profile, and signs in with another password', async () => {
    const [vera, wanda] = [await withAccount('Vera'), await withAccount('Wanda')];
    await wanda.open('/settings');
    await wanda.page.getByLabel('User name').fill('wanda');
    await wanda.click('Save');
    await wanda.status('Saved.').waitFor();

    await vera.open('/settings');
    await vera.page.getByLabel('User name').fill('wanda');
    await vera.click('Save');
    await vera.page.getByRole('alert').filter({ hasText: /./ }).first().waitFor();
    await vera.page.getByRole('textbox', { name: 'Name', exact: true }).fill('Vera Stein');
    await vera.page.getByLabel('User name').fill('vera_stein');
    await vera.click('Save');
    await vera.status('Saved.').waitFor();
    await vera.button('Account of Vera Stein').waitFor();
    await vera.page.reload();
    await vera.page.getByRole('heading', { name: 'Profile' }).waitFor();
    assert.equal(await vera.page.getByLabel('User name').inputValue(), 'vera_stein');

    await vera.page.getByText('Password and sign-ins').click();
    await vera.page.getByLabel('Current password').fill('correct horse');
    await vera.page.getByLabel('New password').fill('battery staple');
    await vera.click('Change the password');
    await vera.status('The password is changed').waitFor();
    await vera.audit();
    await (await browsers.person('Vera again')).signIn('vera@example.org', 'battery staple');
  });

  it('answers invitations, and has the meeting that it accepted', async () => {
    const [ines, jonas] = [await withAccount('Ines'), await withAccount('Jonas')];
    for (const title of ['Tea', 'Coffee']) await ines.post('/api/meeting/create/', { meeting_type: 'scheduled', title, scheduled_time: '2030-01-01T10:00:00Z' });
    await ines.open('/meetings');
    for (const title of ['Tea', 'Coffee']) {
      const entry = ines.page.getByRole('listitem').filter({ has: ines.page.getByRole('heading', { name: title }) });
      await entry.getByRole('button', { name: 'Invite' }).click();
      await ines.page.getByRole('dialog').getByLabel('Invite by e-mail').fill('jonas@example.org');
      await ines.page.getByRole('dialog').getByRole('button', { name: 'Invite' }).click();
      await ines.page.getByRole('dialog').waitFor({ state: 'detached' });
    }

    await jonas.open('/meetings/invitations');
    const invitation = (title) => jonas.page.getByRole('listitem').filter({ has: jonas.page.getByRole('heading', { name: title }) });
    await invitation('Tea').getByText('from Ines').waitFor();
    await jonas.audit();
    await invitation('Coffee').getByRole('button', { name: 'Decline' }).click();
    await jonas.status('Declined.').waitFor();
    await invitation('Coffee').waitFor({ state: 'detached' });
    await invitation('Tea').getByRole('button', { name: 'Accept' }).click();
    await jonas.status('Accepted. See you there!').waitFor();
    await jonas.page.getByText('No invitations are waiting for you.').waitFor();
    await jonas.open('/meetings');
    await jonas.page.getByRole('heading', { name: 'Tea' }).waitFor();
    assert.equal(await jonas.page.getByRole('heading', { name: 'Coffee' }).count(), 0);
  });

  it('with more meetings than a page holds sees the others too', async () => {
    const otto = await withAccount('Otto');
    for (const [title, month] of [['The one after', '02'], ['The next', '01']]) {
      await otto.post('/api/meeting/create/', { meeting_type: 'scheduled', title, scheduled_time: `2030-${month}-01T10:00:00Z` });
    }
    await otto.post('/api/meeting/create/', { meeting_type: 'instant', title: 'The first of all' });
    for (let n = 1; n <= 100; n++) await otto.post('/api/meeting/create/', { meeting_type: 'instant', title: `Number ${n}` });
    await otto.open('/meetings');
    await otto.page.getByRole('heading', { name: 'Number 100' }).waitFor();
    assert.equal(await otto.page.getByRole('heading', { name: 'The first of all' }).count(), 0);
    assert.deepEqual((await otto.page.getByRole('heading', { level: 2 }).allInnerTexts()).slice(0, 3), ['The next', 'The one after', 'Number 100']);
    await otto.button('Show more').focus();
    await otto.page.keyboard.press('Enter');
    await otto.page.getByRole('heading', { name: 'The first of all' }).waitFor();
    assert.equal(await otto.page.getByRole('heading', { level: 2 }).count(), 103);
    assert.equal(await otto.page.getByRole('heading', { level: 2 }).last().innerText(), 'The first of all');
    assert.equal(await otto.button('Show more').count(), 0);
  });

  it('has only new lines of the lobby read out, and stays where it reads when earlier ones come', async () => {
    const zoe = await withAccount('Zoe');
    for (let n = 1; n <= 60; n++) await zoe.post('/api/chat/messages', { username: 'zoe_1', message: `Line ${n}` });
    const yuri = await browsers.person('Yuri');
    await yuri.page.addInitScript(() => {
      // How the log was set when each line came.
      window.lines = {};
      const note = (line) => (window.lines[line.querySelector('.text')?.textContent] ??= line.closest('[role=log]').getAttribute('aria-live'));
      new MutationObserver((changes) => {
        for (const { addedNodes } of changes) for (const node of addedNodes) {
          if (node instanceof Element) for (const line of [node, ...node.querySelectorAll('.message')]) if (line.matches('[role=log] .message')) note(line);
        }
      }).observe(document, { childList: true, subtree: true });
    });
    await yuri.open('/chat');
    await yuri.page.getByLabel('Your name').fill('Yuri');
    await yuri.click('Enter');
    await yuri.reads('Line 60');
    const log = yuri.page.getByRole('log', { name: 'Messages' });
    await yuri.page.locator('[role=log][aria-live=polite]').waitFor();
    await zoe.post('/api/chat/messages', { username: 'zoe_1', message: 'Line 61' });
    await yuri.reads('Line 61');

    const first = log.getByText('Line 11', { exact: true });
    await first.scrollIntoViewIfNeeded();
    await yuri.click('Earlier messages');
    await yuri.reads('Line 1');
    assert.equal(await first.evaluate((line) => {
      const [box, own] = [line.closest('[role=log]').getBoundingClientRect(), line.getBoundingClientRect()];
      return own.top >= box.top && own.bottom <= box.bottom;
    }), true);
    const { 'Line 60': before, 'Line 61': fresh, 'Line 1': earlier } = await yuri.page.evaluate(() => window.lines);
    assert.deepEqual({ before, fresh, earlier }, { before: 'off', fresh: 'polite', earlier: 'off' });
    await yuri.page.locator('[role=log][aria-live=polite]').waitFor();
  });
});
