// Pictures of every page, to be looked at: SCREENSHOTS=folder tests/e2e/run BUILD web/screenshots.mjs
// Each at the size of a desktop and of a phone, in light and dark.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { Browsers, stopAll } from './people.mjs';
import { Servers } from './servers.mjs';

const kFolder = process.env.SCREENSHOTS;
const kSizes = { desktop: { width: 1280, height: 800 }, phone: { width: 360, height: 780 } };

describe('pictures', { skip: !kFolder && 'SCREENSHOTS names no folder' }, () => {
  let servers, browsers, root, path;
  before(async () => {
    mkdirSync(kFolder, { recursive: true });
    servers = await Servers.start();
    browsers = await Browsers.start();
    servers.addAdministrator('root@example.org', 'correct horse');
    root = await browsers.person('Rosa Luna');
    await root.signIn('root@example.org', 'correct horse');
    await furnish(root);
  });
  after(async () => {
    await stopAll(browsers, servers);
  });

  async function shoot(person, name) {
    for (const [size, viewport] of Object.entries(kSizes)) {
      await person.page.setViewportSize(viewport);
      for (const theme of ['light', 'dark']) {
        await person.page.evaluate((value) => (document.documentElement.dataset.theme = value), theme);
        await person.page.screenshot({ path: join(kFolder, `${name}-${size}-${theme}.png`), animations: 'disabled', fullPage: true });
      }
    }
    await person.page.setViewportSize(kSizes.desktop);
  }

  async function inLobby(name) {
    const person = await browsers.person(name);
    await person.open('/');
    await person.page.getByLabel('Your name').fill(name);
    await person.click('Enter the lobby');
    await person.page.getByText('Nobody else is here').or(person.button(/^Call /).first()).waitFor();
    return person;
  }

  async function furnish(person) {
    await person.post('/api/meeting/create/', { meeting_type: 'scheduled', title: 'Weekly planning', scheduled_time: '2030-03-04T09:00:00Z', duration_minutes: 45 });
    await person.post('/api/meeting/create/', { meeting_type: 'lecture', title: 'How relays work', scheduled_time: '2030-03-06T16:30:00Z', duration_minutes: 90 });
    await person.post('/api/blogs', { title: 'A relay of our own', content: '<p>Since this week our calls run over a relay of our own.</p><ul><li>UDP, TCP and TLS</li><li>IPv4 and IPv6</li></ul>' });
    await person.post('/api/blogs', { title: 'House rules', content: '<p>Be kind. Mute yourself when you eat.</p>' });
  }

  for (const [name, address] of Object.entries({
    start: '/', auth: '/auth', lobbyName: '/chat', check: '/check', settings: '/settings', needsAccount: '/meetings', posts: '/blogs', missing: '/no/such/page',
  })) {
    it(`of ${address} for somebody without an account`, async () => {
      const guest = await browsers.person('Gil');
      await guest.open(address);
      await guest.page.getByRole('heading').first().waitFor();
      await shoot(guest, name);
      await guest.page.context().close();
    });
  }

  for (const [name, address] of Object.entries({
    startAccount: '/', meetings: '/meetings', schedule: '/meetings/create', invitations: '/meetings/invitations', post: '/blogs/1', write: '/write',
    users: '/users', logs: '/logs', profile: '/settings',
  })) {
    it(`of ${address} for an account`, async () => {
      await root.open(address);
      await root.page.getByRole('heading').first().waitFor();
      await root.page.waitForLoadState('networkidle');
      await shoot(root, name);
    });
  }

  it('of the lobby, ringing, and the check with results', async () => {
    const people = [];
    for (const name of ['Anna Berg', 'Ben Okafor']) {
      const person = await browsers.person(name);
      await person.open('/chat');
      await person.page.getByLabel('Your name').fill(name);
      await person.click('Enter');
      await person.says(`Hello from ${name}`);
      people.push(person);
    }
    await shoot(people[0], 'lobby');
    await people[0].click('Call Ben Okafor');
    await people[1].page.getByRole('alertdialog').waitFor();
    await shoot(people[1], 'ringing');
    await people[1].click('Decline');
    await people[0].open('/check');
    await people[0].click('Start check');
    await people[0].page.locator('[data-check=ipv6][data-result]').waitFor();
    await shoot(people[0], 'checked');
    for (const person of people) await person.page.context().close();
  });

  it('of the lobby on the start, empty and with people and their lines', async () => {
    const gil = await inLobby('Gil');
    await shoot(gil, 'startLobby');
    const people = [];
    for (const name of ['Anna Berg', 'Ben Okafor', 'Carla Diaz', 'Dora von und zu Eckenbrecht-Hohenlohe']) people.push(await inLobby(name));
    await people[0].says('Good morning! Is anybody up for a test call?');
    await people[1].says('Sure, in five minutes. I only have to find a place where it is quiet, and a headset that works.');
    await people[1].says('The agenda is at https://example.org/agenda');
    await gil.says('Call me too, please.');
    await people[2].page.getByRole('textbox', { name: 'Message' }).pressSequentially('I');
    await gil.page.getByText('Carla Diaz', { exact: false }).nth(1).waitFor();
    await shoot(gil, 'startPeople');
    await root.open('/');
    await root.page.getByRole('log').waitFor();
    await root.reads('Call me too, please.');
    await shoot(root, 'startAccountPeople');
    for (const person of [gil, ...people]) await person.page.context().close();
  });

  it('of a meeting that is changed', async () => {
    await root.open('/meetings');
    await root.page.getByRole('link', { name: 'Change Weekly planning' }).click();
    await root.page.getByLabel('Title').waitFor();
    await shoot(root, 'meetingChange');
  });

  it('of private conversations', async () => {
    const people = [];
    for (const name of ['Anna Berg', 'Ben Okafor', 'Dora von und zu Eckenbrecht-Hohenlohe']) {
      const person = await browsers.person(name);
      await person.createAccount(`${people.length}@example.org`);
      people.push(person);
    }
    const [anna, ben, dora] = people;
    const api = '/api/conversations';
    const read = (person, path) => person.page.evaluate(async (from) => (await (await fetch(from)).json()).data, path);
    const ids = (await read(root, '/api/users?query=example.org')).filter(({ email }) => /^\d/.test(email)).sort((a, b) => a.email.localeCompare(b.email)).map(({ id }) => id);
    await root.post(api, { title: 'Release of the spring', members: ids });
    for (const person of [ben, dora]) await person.post(`${api}/direct/${ids[0]}`, {});
    const [group, direct, other] = (await read(anna, api)).map(({ id }) => id).sort((a, b) => a - b);
    const say = (person, id, content) => person.post(`${api}/${id}/messages`, { content });
    await say(root, group, 'Is everything ready for Thursday?');
    await say(anna, group, 'Almost. The notes are at https://example.org/notes');
    await say(ben, group, 'I shall test it once more this evening, on the old phone as well.');
    await say(ben, direct, 'Have you seen the new figures?');
    await say(anna, direct, 'Not yet. Are they good?');
    await say(ben, direct, 'Better than last month, and that with half of the machines. I send them to you.');
    for (const text of ['Lunch?', 'At one, in the usual place?']) await say(dora, other, text);
    await dora.open('/chat');
    await ben.open(`/chat/${direct}`);
    await ben.page.getByRole('log').getByText('Not yet.', { exact: false }).hover();
    await ben.button('What to do with the message').nth(1).click();
    await ben.button('React with 👍').click();
    await ben.button('👍, 1 of them').waitFor();
    await anna.open('/chat');
    await anna.page.getByText('2 unread').waitFor();
    await shoot(anna, 'chats');
    await anna.open(`/chat/${direct}`);
    await anna.reads('Have you seen the new figures?');
    await anna.page.getByText('Are they good?').hover();
    await anna.button('What to do with the message').nth(1).click();
    await shoot(anna, 'talk');
    await anna.button('Edit the message').click();
    await shoot(anna, 'talkChange');
    await anna.open(`/chat/${group}`);
    await anna.reads('Is everything ready for Thursday?');
    await shoot(anna, 'talkGroup');
    await anna.open('/chat/all');
    await anna.page.getByText('2 unread').waitFor();
    await shoot(anna, 'chatsAll');
    await anna.click('Begin a conversation');
    await anna.page.getByRole('switch', { name: 'With several people' }).click();
    await anna.page.getByLabel('Find people by name').fill('be');
    await anna.page.getByRole('list', { name: 'People found' }).getByRole('button', { name: 'Ben' }).click();
    await anna.page.getByLabel('Find people by name').fill('ec');
    await anna.page.getByRole('list', { name: 'People found' }).waitFor();
    await shoot(anna, 'chatFind');
    for (const person of people) await person.page.context().close();
  });

  it('of a meeting from the door to the end', async () => {
    await root.open('/');
    await root.click('New meeting');
    await root.button('Join now').waitFor();
    await root.page.getByText('UDP', { exact: false }).first().waitFor();
    await shoot(root, 'prejoin');
    await root.click('Join now');
    await root.button('Leave').waitFor();
    await shoot(root, 'alone');
    path = new URL(root.page.url()).pathname;
    const people = [];
    for (const name of ['Anna Berg', 'Ben Okafor', 'Carla Diaz']) {
      const person = await browsers.person(name);
      await person.join(path);
      people.push(person);
      await root.sees(name);
    }
    await shoot(root, 'grid');
    await people[1].click('Raise hand');
    await people[2].click('Stop camera');
    await people[2].click('Mute');
    await people[0].says('Shall we begin? The agenda is at https://example.org/agenda');
    await root.reads('Shall we begin? The agenda is at https://example.org/agenda');
    await root.says('Yes, let us start.');
    await shoot(root, 'chat');
    await root.people();
    await root.page.getByRole('switch', { name: 'Waiting room' }).click();
    const door = await browsers.person('Dora Eck');
    await door.knock(path);
    await door.status('Waiting for the host').waitFor();
    await shoot(door, 'waiting');
    await root.button('Admit Dora Eck').waitFor();
    await shoot(root, 'people');
    await root.page.getByRole('complementary').getByRole('button', { name: 'Close' }).click();
    await people[0].click('Share screen');
    await root.page.getByRole('group', { name: 'Screen of Anna Berg' }).waitFor();
    await shoot(root, 'screen');
    await root.click('Details of Anna Berg');
    await shoot(root, 'details');
    await root.page.keyboard.press('Escape');
    await root.click('Settings');
    await shoot(root, 'callSettings');
    await root.page.keyboard.press('Escape');
    await root.page.keyboard.press('?');
    await shoot(root, 'keys');
    await root.page.keyboard.press('Escape');
    const other = await browsers.person('Second');
    await other.signIn('root@example.org', 'correct horse');
    await other.open('/turn-admin');
    await other.page.getByRole('table').waitFor();
    await shoot(other, 'relay');
    await people[1].click('Leave');
    await shoot(people[1], 'left');
    servers.door.shut();
    await root.status('reconnecting for').waitFor();
    await shoot(root, 'reconnecting');
    servers.door.open = true;
  });
});
