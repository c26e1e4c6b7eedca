// Lobby, direct calls, the check, recordings, and what axe says about every page.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { Browsers, stopAll } from './people.mjs';
import { Servers } from './servers.mjs';

describe('the pages', () => {
  let servers, browsers;
  before(async () => {
    servers = await Servers.start();
    browsers = await Browsers.start();
  });
  after(async () => {
    await stopAll(browsers, servers);
  });

  async function inLobby(name) {
    const person = await browsers.person(name);
    await person.open('/chat');
    await person.page.getByLabel('Your name').fill(name);
    await person.click('Enter');
    await person.page.getByRole('list', { name: 'Online' }).waitFor();
    return person;
  }

  it('the lobby has chat, and calls between two who are online', async () => {
    const [anna, ben] = [await inLobby('Anna'), await inLobby('Ben')];
    await anna.says('Anybody here?');
    await ben.reads('Anybody here?');
    await ben.audit();

    await anna.click('Call Ben');
    await ben.page.getByRole('alertdialog').waitFor();
    await ben.audit();
    await ben.page.getByRole('alertdialog').getByRole('button', { name: 'Decline' }).click();
    await anna.status('Ben declined').waitFor();

    await anna.click('Call Ben');
    await ben.page.getByRole('alertdialog').getByRole('button', { name: 'Accept' }).click();
    await anna.sees('Ben', 'relay');
    await ben.sees('Anna', 'relay');

    const carl = await inLobby('Carl');
    await carl.click('Call Ben');
    await carl.status('Ben is in another call').waitFor();
    assert.equal(await ben.page.getByRole('alertdialog').count(), 0);
    await anna.click('Hang up');
    await ben.page.getByRole('list', { name: 'Online' }).waitFor();
  });

  it('the start asks a guest for a name, and then has the lobby: who is online, chat, and calls', async () => {
    const rosa = await browsers.person('Rosa');
    const sockets = [];
    rosa.page.on('websocket', (socket) => sockets.push(socket.url()));
    await rosa.open('/');
    await rosa.click('Enter the lobby');
    await rosa.page.getByText('Please say what the others should call you.').waitFor();
    await rosa.page.reload();
    await rosa.button('Enter the lobby').waitFor();
    assert.deepEqual(sockets, []); // whoever only looks is nobody's guest

    const enter = async (person) => {
      await person.open('/');
      await person.page.getByLabel('Your name').fill(person.name);
      await person.click('Enter the lobby');
      await person.page.getByRole('list', { name: 'Online' }).getByText(`${person.name} (you)`).waitFor();
    };
    await enter(rosa);
    const sven = await browsers.person('Sven', { viewport: { width: 390, height: 844 } });
    await enter(sven);
    await rosa.says('Shall I call you?');
    await sven.reads('Shall I call you?');
    await sven.page.getByRole('textbox', { name: 'Message' }).pressSequentially('Yes');
    await rosa.page.getByText('Sven typing').waitFor();
    for (const theme of ['light', 'dark', 'contrast']) {
      for (const person of [rosa, sven]) {
        await person.wear(theme); // and comes back into the lobby
        await person.page.getByRole('log').getByText('Shall I call you?').waitFor();
        await person.audit();
      }
    }
    await rosa.click('Call Sven');
    await sven.page.getByRole('alertdialog').getByRole('button', { name: 'Accept' }).click();
    await rosa.sees('Sven', 'relay');
    await sven.click('Hang up');
    await rosa.button('Leave the lobby').click();
    await rosa.button('Enter the lobby').waitFor();
    await sven.button('Call Rosa').waitFor({ state: 'detached' });
    await rosa.page.reload();
    await rosa.button('Enter the lobby').waitFor();
  });

  it('an account is in the lobby of the start, until it signs out', async () => {
    const tove = await browsers.person('Tove');
    await tove.createAccount();
    await tove.page.getByRole('list', { name: 'Online' }).getByText('Tove (you)').waitFor();
    await tove.says('Good evening');
    await tove.audit();
    await tove.click('Account of Tove');
    await tove.click('Sign out');
    await tove.button('Enter the lobby').waitFor();
  });

  it('the check finds devices, STUN, and the relay over each transport', async () => {
    const anna = await browsers.person('Anna');
    await anna.open('/check');
    await anna.click('Start check');
    const rows = anna.page.getByRole('list', { name: 'Results' }).getByRole('listitem');
    await anna.page.locator('[data-check=ipv6][data-result]').waitFor();
    const results = Object.fromEntries(await rows.evaluateAll((items) => items.map((item) => [item.dataset.check, item.dataset.result])));
    for (const check of ['microphone', 'camera', 'stun', 'turn-udp', 'turn-tcp', 'turn-tls', 'ipv4']) assert.equal(results[check], 'ok', `${check}: ${JSON.stringify(results)}`);
    await anna.click('Copy report');
    assert.match(await anna.page.evaluate(() => navigator.clipboard.readText()), /turn-tls: ok/);
    await anna.audit();
  });

  it('a recording is uploaded in parts and played back', async () => {
    const [host, guest] = [await browsers.person('Hanna'), await browsers.person('Igor')];
    await guest.join(await host.host());
    await host.sees('Igor');
    await host.click('Record');
    await guest.page.getByText('Recording', { exact: true }).waitFor();
    const first = await host.page.waitForResponse((response) => /\/parts\/1$/.test(response.url()));
    assert.equal(first.status(), 200);
    const second = host.page.waitForResponse((response) => /\/parts\/2$/.test(response.url()));
    await host.click('Stop recording');
    assert.equal((await second).status(), 200);
    await host.status('stored with the meeting').waitFor();
    await host.click('Leave');
    await host.open('/meetings');
    await host.button('Recordings').first().click();
    const video = host.page.getByRole('dialog').locator('video');
    await video.evaluate(async (element) => {
      element.muted = true;
      await element.play();
    });
    await host.moves(video);
    await host.audit();
  });

  it('a meeting is scheduled and listed', async () => {
    const karl = await browsers.person('Karl');
    await karl.createAccount();
    await karl.open('/meetings/create');
    await karl.page.getByLabel('Title').fill('Planning');
    await karl.page.getByLabel('Begins').fill('2030-01-01T10:00');
    await karl.page.getByLabel('Invite by e-mail').fill('anna@example.org, ben');
    await karl.click('Schedule the meeting');
    await karl.page.getByRole('alert').filter({ hasText: '“ben” is no e-mail address' }).waitFor();
    await karl.page.getByLabel('Invite by e-mail').fill('');
    await karl.audit();
    await karl.click('Schedule the meeting');
    await karl.page.getByRole('heading', { name: 'The meeting is scheduled' }).waitFor();
    await karl.open('/meetings');
    await karl.page.getByRole('heading', { name: 'Planning' }).waitFor();
    await karl.audit();
    await karl.open('/');
    await karl.page.getByRole('heading', { name: 'Coming up' }).waitFor();
    await karl.audit();
    await karl.open('/settings');
    await karl.page.getByRole('heading', { name: 'Profile' }).waitFor();
    await karl.audit();
  });

  it('a post is written, read, and found again by its first words', async () => {
    const mia = await browsers.person('Mia');
    await mia.createAccount();
    await mia.open('/write');
    await mia.page.getByLabel('Title').fill('A relay of our own');
    await mia.page.getByLabel('Text').fill('Our calls run over it.\n\nOver <b>TLS</b> too.');
    await mia.audit();
    await mia.click('Publish');
    await mia.page.getByRole('heading', { name: 'A relay of our own' }).waitFor();
    await mia.page.getByRole('paragraph').filter({ hasText: /^Over <b>TLS<\/b> too\.$/ }).waitFor();
    await mia.audit();
    await mia.open('/blogs');
    await mia.page.getByText('Our calls run over it. Over <b>TLS</b> too.', { exact: true }).waitFor();
    for (let n = 1; n <= 20; n++) await mia.post('/api/blogs', { title: `Number ${n}`, content: '<p>One of many.</p>' });
    await mia.open('/blogs');
    await mia.page.getByRole('heading', { name: 'Number 20' }).waitFor();
    assert.equal(await mia.page.getByRole('heading', { name: 'A relay of our own' }).count(), 0);
    await mia.click('Show more');
    await mia.page.getByRole('heading', { name: 'A relay of our own' }).waitFor();
    assert.equal(await mia.button('Show more').count(), 0);
  });

  it('an administrator sees the relay, its session and that it drains', async () => {
    servers.addAdministrator('root@example.org', 'correct horse');
    const root = await browsers.person('Root');
    await root.signIn('root@example.org', 'correct horse');
    const [mona, nils] = [await browsers.person('Mona'), await browsers.person('Nils')];
    await nils.join(await mona.host());
    await mona.sees('Nils', 'relay');

    await root.open('/turn-admin');
    await root.status('The relay is well').waitFor();
    await root.page.getByRole('img', { name: /^Traffic over the last minutes/ }).waitFor();
    const row = root.page.getByRole('region', { name: 'Live sessions' }).getByRole('row').nth(1);
    await row.getByText('kB/s').or(row.getByText(' B/s')).first().waitFor();
    await root.audit();

    await servers.turnd.control('POST', '/v1/drain');
    await root.status('The relay is draining').waitFor();
    await servers.turnd.control('DELETE', '/v1/drain');
    await root.status('The relay is well').waitFor();
    for (const path of ['/users', '/logs']) {
      await root.open(path);
      await root.page.getByRole('table').waitFor();
      await root.audit();
    }
    const events = root.page.getByRole('row').filter({ has: root.page.getByRole('cell') });
    await root.page.getByRole('textbox', { name: 'Event' }).fill('meeting_created');
    await root.page.waitForFunction(() => [...document.querySelectorAll('tbody tr')].every((row) => row.cells[3].textContent === 'meeting_created'));
    await root.page.getByRole('switch', { name: 'Live' }).click();
    const before = await events.count();
    await mona.post('/api/blogs', { title: 'Not asked for', content: '<p>Another event.</p>' });
    await mona.post('/api/meeting/create/', { meeting_type: 'instant', title: 'Asked for' });
    await events.nth(before).waitFor();
    assert.deepEqual(await events.first().getByRole('cell').nth(3).allTextContents(), ['meeting_created']);
    await root.page.getByRole('button', { name: 'Account of' }).click();
    await root.page.keyboard.press('Escape');
    await root.button('Sign out').waitFor({ state: 'detached' });
    for (const person of [mona, nils]) await person.click('Leave');
  });

  it('the tab is named after the page, and the keyboard goes on in it', async () => {
    const noor = await browsers.person('Noor');
    await noor.open('/');
    await noor.page.getByRole('link', { name: 'Check connection' }).click();
    await noor.page.waitForFunction(() => document.title === 'Check connection · signald' && document.activeElement?.tagName === 'MAIN');
    await noor.page.keyboard.press('Tab');
    assert.equal(await noor.page.evaluate(() => document.activeElement.textContent), 'Start check');
  });

  it('a browser that speaks German is spoken to in German', async () => {
    const heidi = await browsers.person('Heidi', { locale: 'de-DE' });
    await heidi.open('/');
    await heidi.button('Neues Treffen').waitFor();
    assert.equal(await heidi.page.evaluate(() => document.documentElement.lang), 'de');
  });

  it('axe finds nothing on a call with nobody else, in light, dark and high contrast', async () => {
    const olga = await browsers.person('Olga');
    await olga.host();
    for (const theme of ['light', 'dark', 'contrast']) {
      await olga.page.evaluate((value) => { document.documentElement.dataset.theme = value; }, theme);
      await olga.audit();
    }
    await olga.click('Leave');
  });

  for (const [path, heading] of [
    ['/', 'Meet face to face'], ['/auth', 'Sign in'], ['/chat', 'Lobby'], ['/check', 'Check connection'], ['/settings', 'Settings'],
    ['/meeting/BCDFGHJKLM', 'Meeting'], ['/meetings/create', 'Please sign in'], ['/blogs', 'Posts'], ['/no/such/page', 'no such page'],
  ]) {
    it(`axe finds nothing on ${path}, in light, dark and high contrast`, async () => {
      const lena = await browsers.person('Lena');
      await lena.open(path);
      for (const theme of ['light', 'dark', 'contrast']) {
        await lena.wear(theme);
        await lena.page.getByRole('heading', { name: heading }).first().waitFor();
        await lena.audit();
      }
    });
  }
});

describe('a server without guests', () => {
  let servers, browsers;
  before(async () => {
    servers = await Servers.start({ signald: { auth: { guests: false } } });
    browsers = await Browsers.start();
  });
  after(async () => {
    await stopAll(browsers, servers);
  });

  it('says on the start that the lobby needs an account, and that nothing went wrong', async () => {
    const uma = await browsers.person('Uma');
    await uma.open('/');
    await uma.page.getByLabel('Your name').fill('Uma');
    await uma.click('Enter the lobby');
    await uma.page.getByText('On this server the lobby needs an account.').waitFor();
    assert.equal(await uma.page.getByRole('alert').filter({ hasText: /./ }).count(), 0);
    await uma.audit();
    await uma.createAccount();
    await uma.page.getByRole('list', { name: 'Online' }).getByText('Uma (you)').waitFor();
  });
});
