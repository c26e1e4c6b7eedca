// Private conversations: two people write, one changes and deletes, what is unread, groups; and the lobby beside them.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { Browsers, stopAll } from './people.mjs';
import { Servers } from './servers.mjs';

describe('the chat page', () => {
  let servers, browsers;
  before(async () => {
    servers = await Servers.start({ transports: ['udp'], signald: { limits: { messages: '0', rate_chat: '0' } } });
    browsers = await Browsers.start();
  });
  after(async () => {
    await stopAll(browsers, servers);
  });

  async function withAccount(name, options) {
    const person = await browsers.person(name, options);
    await person.createAccount();
    return person;
  }

  const entry = (person, name) => person.page.getByRole('list', { name: 'Conversations' }).getByRole('link', { name: new RegExp(name) });
  const open = (person, name) => person.page.getByRole('heading', { level: 1, name }).waitFor();
  const found = (person, name) => person.page.getByRole('dialog').getByRole('list', { name: 'People found' }).getByRole('button', { name });

  async function find(person, query) {
    await person.click('Begin a conversation');
    await person.page.getByRole('dialog').getByLabel('Find people by name').fill(query);
  }

  async function begin(person, name) {
    await person.open('/chat');
    await find(person, name.toLowerCase().slice(0, 4));
    await found(person, name).click();
    await open(person, name);
  }

  const lineOf = (person, text) => person.page.getByRole('log').locator('.message').filter({ hasText: text });

  async function tool(person, text, name) {
    await lineOf(person, text).hover();
    await lineOf(person, text).getByRole('button', { name: 'What to do with the message' }).click();
    await person.page.getByRole('group', { name: 'What to do with the message' }).getByRole('button', { name }).click();
  }

  it('finds people by name, and is theirs alone', async () => {
    const [anna, bruno] = [await withAccount('Annabel'), await withAccount('Bruno')];
    await anna.open('/chat');
    await find(anna, 'bru');
    await found(anna, 'Bruno').waitFor();
    await anna.audit();
    await anna.page.getByRole('dialog').getByLabel('Find people by name').fill('nobody at all');
    await anna.page.getByText('Nobody has such a name.').waitFor();
    await anna.page.getByRole('dialog').getByLabel('Find people by name').fill('bru');
    await found(anna, 'Bruno').focus();
    await anna.page.keyboard.press('Enter');
    await open(anna, 'Bruno');
    const path = new URL(anna.page.url()).pathname;
    await anna.says('Between us');
    await anna.audit();

    await bruno.open('/chat');
    await entry(bruno, 'Annabel').getByText('Between us').waitFor();
    await entry(bruno, 'Annabel').getByText('1 unread').waitFor();

    const carla = await withAccount('Carla');
    await carla.open(path);
    await carla.page.getByText('There is no such conversation, or you are not in it.').waitFor();
    await carla.audit();
  });

  it('has lines that come at once, are changed and deleted, and stay as they are', async () => {
    const [dora, emil] = [await withAccount('Dora'), await withAccount('Emil')];
    await begin(dora, 'Emil');
    await dora.says('Hello Emil');
    await emil.open('/chat');
    await entry(emil, 'Dora').click();
    await emil.reads('Hello Emil');
    await emil.says('Hello Dora');
    await dora.reads('Hello Dora');
    await dora.page.getByRole('textbox', { name: 'Message' }).pressSequentially('Hm');
    await emil.page.getByText('Dora typing…').waitFor();
    await dora.page.getByRole('textbox', { name: 'Message' }).fill('');

    await dora.says('See you on Munday');
    await emil.reads('See you on Munday');
    await tool(dora, 'Munday', 'Edit the message');
    const box = dora.page.getByRole('textbox', { name: 'Message' });
    assert.equal(await box.inputValue(), 'See you on Munday');
    assert.equal(await box.evaluate((element) => element === document.activeElement), true);
    await dora.page.keyboard.press('Escape');
    assert.equal(await box.inputValue(), '');
    await tool(dora, 'Munday', 'Edit the message');
    await box.fill('See you on Monday');
    await dora.click('Save the change');
    await lineOf(emil, 'See you on Monday').getByText('(edited)').waitFor();
    await dora.audit();

    await dora.says('Never mind');
    await emil.reads('Never mind');
    await tool(dora, 'Never mind', 'Delete the message');
    await emil.page.getByRole('log').getByText('Deleted').waitFor();
    assert.equal(await emil.page.getByText('Never mind').count(), 0);

    await tool(emil, 'See you on Monday', 'React with 👍');
    await emil.button('👍, 1 of them').waitFor();
    await dora.button('👍, 1 of them').waitFor(); // at once
    await emil.page.reload();
    await emil.reads('Hello Emil');
    await emil.reads('See you on Monday (edited)');
    await emil.page.getByRole('log').getByText('Deleted').waitFor();
    await emil.button('👍, 1 of them').click();
    await emil.button('👍, 1 of them').waitFor({ state: 'detached' });
    await dora.button('👍, 1 of them').waitFor({ state: 'detached' });
    await emil.audit();
  });

  it('counts what is unread until it is read, here and on another device', async () => {
    const [fred, gina] = [await withAccount('Freddy'), await withAccount('Gina')];
    await begin(fred, 'Gina');
    for (const text of ['One', 'Two', 'Three']) await fred.says(text);
    const other = await browsers.person('Gina elsewhere');
    await other.signIn('gina@example.org', 'correct horse');
    for (const person of [gina, other]) {
      await person.open('/chat');
      await entry(person, 'Freddy').getByText('3 unread').waitFor();
    }
    await fred.says('Four');
    await entry(gina, 'Freddy').getByText('4 unread').waitFor();
    await entry(gina, 'Freddy').getByText('Four').waitFor();

    await entry(gina, 'Freddy').click();
    await gina.reads('Four');
    await gina.page.getByRole('log').getByText('New', { exact: true }).waitFor();
    for (const person of [gina, other]) await entry(person, 'Freddy').getByText('unread').waitFor({ state: 'detached' });
    await fred.says('Five');
    await gina.reads('Five');
    await entry(other, 'Freddy').getByText('Five').waitFor();
    await entry(gina, 'Freddy').getByText('unread').waitFor({ state: 'detached' });
    await gina.open('/chat');
    await entry(gina, 'Freddy').getByText('Five').waitFor();
    assert.equal(await entry(gina, 'Freddy').getByText('unread').count(), 0);
  });

  it('shows earlier lines when asked, and goes on after the connection was lost', async () => {
    const [hans, ida] = [await withAccount('Hansel'), await withAccount('Idabel')];
    await begin(hans, 'Idabel');
    const conversation = new URL(hans.page.url()).pathname.replace('/chat/', '/api/conversations/');
    for (let n = 1; n <= 60; n++) await hans.post(`${conversation}/messages`, { content: `Line ${n}` });
    await ida.open('/chat');
    await entry(ida, 'Hansel').click();
    await ida.reads('Line 60');
    assert.equal(await ida.page.getByText('Line 10', { exact: true }).count(), 0);
    await ida.click('Earlier messages');
    await ida.reads('Line 1');

    servers.door.shut();
    await ida.status('Connecting').waitFor();
    servers.door.open = true;
    await hans.post(`${conversation}/messages`, { content: 'After the storm' });
    await ida.reads('After the storm');
    await ida.says('Still here');
    await hans.reads('Still here');
  });

  it('has groups, which one can leave; also on a phone', async () => {
    const [jana, kurt] = [await withAccount('Janina'), await withAccount('Kurtis')];
    const lena = await withAccount('Lenore', { viewport: { width: 360, height: 740 } });
    await jana.open('/chat');
    await find(jana, 'kurt');
    await jana.page.getByRole('dialog').getByRole('switch', { name: 'With several people' }).click();
    await jana.page.getByRole('dialog').getByLabel('Name of the group').fill('The choir');
    await found(jana, 'Kurtis').click();
    await jana.page.getByRole('dialog').getByLabel('Find people by name').fill('leno');
    await found(jana, 'Lenore').click();
    await jana.audit();
    await jana.click('Make the group');
    await open(jana, 'The choir');
    await jana.page.getByText('3 people: Janina, Kurtis, Lenore').waitFor();
    await jana.says('Shall we sing?');

    await lena.open('/chat');
    await lena.page.getByRole('link', { name: 'Conversations 1 unread' }).click();
    await entry(lena, 'The choir').getByText('Janina: Shall we sing?').waitFor();
    await lena.audit();
    await entry(lena, 'The choir').click();
    await lena.reads('Shall we sing?');
    assert.equal(await lena.page.getByRole('list', { name: 'Conversations' }).isVisible(), false);
    assert.equal(await lena.page.evaluate(() => document.documentElement.scrollWidth), 360);
    await lena.audit();
    await lena.says('Yes');
    await jana.reads('Yes');

    await kurt.open('/chat');
    await entry(kurt, 'The choir').click();
    await kurt.click('Leave the group');
    await kurt.click('Really leave?');
    await open(kurt, 'Lobby');
    assert.equal(await entry(kurt, 'The choir').count(), 0);
    await kurt.page.reload();
    await kurt.page.getByText('Nobody has written to you yet.').waitFor();
  });

  it('shows without a reload what others begin and change, and that a group is gone for who was removed', async () => {
    const [olga, paula] = [await withAccount('Olga'), await withAccount('Paula')];
    await paula.open('/chat');
    await paula.page.getByText('Nobody has written to you yet.').waitFor();
    await olga.open('/chat');
    await find(olga, 'paul');
    await olga.page.getByRole('dialog').getByRole('switch', { name: 'With several people' }).click();
    await olga.page.getByRole('dialog').getByLabel('Name of the group').fill('The band');
    await found(olga, 'Paula').click();
    await olga.button('Make the group').dblclick();
    await open(olga, 'The band');
    await entry(paula, 'The band').click();
    await open(paula, 'The band');
    assert.equal(await entry(paula, 'The band').count(), 1, 'the second press makes no second group');
    await olga.says('Hello band');
    await paula.reads('Hello band');

    const group = new URL(olga.page.url()).pathname.replace('/chat/', '/api/conversations/');
    await olga.sends('PATCH', group, { title: 'The orchestra' });
    await open(paula, 'The orchestra');
    await entry(paula, 'The orchestra').waitFor();

    const userId = await paula.accountId();
    await olga.sends('DELETE', `${group}/members/${userId}`);
    await paula.page.getByText('There is no such conversation, or you are not in it.').waitFor();
    await entry(paula, 'The orchestra').waitFor({ state: 'detached' });
    await paula.audit();
    await olga.page.getByText('1 person: Olga').waitFor();

    await olga.post(`${group}/members`, { userId });
    await open(paula, 'The orchestra');
    await olga.says('Welcome back');
    await paula.reads('Welcome back');
  });

  it('is the lobby for guests, and the way from somebody there to a private conversation for accounts', async () => {
    const [mona, nils] = [await withAccount('Mona'), await withAccount('Nils')];
    const gast = await browsers.person('Gast');
    await gast.open('/chat');
    await gast.page.getByLabel('Your name').fill('Gast');
    await gast.click('Enter');
    await gast.page.getByRole('link', { name: 'Sign in to write privately' }).waitFor();
    assert.equal(await gast.page.getByRole('list', { name: 'Conversations' }).count(), 0);
    await gast.says('Hello from outside');
    await gast.says('A mistake');
    await tool(gast, 'A mistake', 'Delete the message');

    for (const person of [mona, nils]) await person.open('/chat');
    await mona.reads('Hello from outside');
    await mona.page.getByRole('log').getByText('Deleted').waitFor();
    await mona.button('Call Gast').waitFor();
    assert.equal(await mona.button('Write to Gast').count(), 0);
    await mona.click('Write to Nils');
    await open(mona, 'Nils');
    await mona.says('Over here');
    await mona.page.goBack();
    await open(mona, 'Lobby');
    await mona.reads('Hello from outside');
    await mona.audit();
  });
});
