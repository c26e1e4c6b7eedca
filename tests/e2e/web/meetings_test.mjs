// A meeting for later is changed by its host, and who was invited sees it.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { Browsers, stopAll } from './people.mjs';
import { Servers } from './servers.mjs';

describe('a meeting for later', () => {
  let servers, browsers;
  before(async () => {
    servers = await Servers.start({ transports: ['udp'] });
    browsers = await Browsers.start();
  });
  after(async () => {
    await stopAll(browsers, servers);
  });

  const entry = (person, title) => person.page.getByRole('listitem').filter({ has: person.page.getByRole('heading', { name: title, exact: true }) });
  const shown = (person, time) => person.page.evaluate((at) => new Intl.DateTimeFormat('en', { dateStyle: 'medium', timeStyle: 'short' }).format(new Date(at)), time);
  const field = (person, name) => person.page.getByLabel(name, { exact: true });

  it('is moved, renamed and locked with a password, and the invited sees it', async () => {
    const [paula, quirin] = [await browsers.person('Paula'), await browsers.person('Quirin')];
    for (const person of [paula, quirin]) await person.createAccount();
    await paula.open('/meetings/create');
    await field(paula, 'Title').fill('Planning');
    await field(paula, 'Begins').fill('2030-03-04T09:00');
    await field(paula, 'Description').fill('What we do next');
    await field(paula, 'Invite by e-mail').fill('quirin@example.org');
    await paula.click('Schedule the meeting');
    await paula.page.getByRole('heading', { name: 'The meeting is scheduled' }).waitFor();
    await quirin.open('/meetings/invitations');
    await entry(quirin, 'Planning').getByRole('button', { name: 'Accept' }).click();
    await quirin.status('Accepted. See you there!').waitFor();

    await paula.open('/meetings');
    await entry(paula, 'Planning').getByRole('link', { name: 'Change Planning' }).click();
    await paula.page.getByRole('heading', { name: 'Change the meeting' }).waitFor();
    await field(paula, 'Title').waitFor();
    assert.deepEqual(
      [await field(paula, 'Begins').inputValue(), await field(paula, 'Takes').inputValue(), await field(paula, 'Description').inputValue(), await field(paula, 'Invite by e-mail').count()],
      ['2030-03-04T09:00', '30', 'What we do next', 0],
    );
    await paula.audit();
    await field(paula, 'Begins').fill('2001-03-04T09:00');
    await paula.click('Save the changes');
    await paula.page.getByText('must be in the future').first().waitFor();
    await field(paula, 'Begins').fill('2030-03-05T10:30');
    await field(paula, 'Takes').selectOption('90');
    await field(paula, 'Title').fill('Planning of the spring');
    await field(paula, 'Meeting password').fill('sesame');
    await paula.page.getByRole('switch', { name: 'Waiting room' }).click();
    await paula.click('Save the changes');
    await paula.status('The meeting is changed.').waitFor();
    const time = await shown(paula, '2030-03-05T10:30');
    await entry(paula, 'Planning of the spring').getByText(time).waitFor();

    await quirin.open('/meetings');
    await entry(quirin, 'Planning of the spring').getByText(time).waitFor();
    assert.equal(await quirin.page.getByRole('link', { name: /^Change/ }).count(), 0);
    const path = await entry(paula, 'Planning of the spring').getByRole('link', { name: /^Change/ }).getAttribute('href');
    await quirin.open(path);
    await quirin.page.getByText('Only its host changes a meeting').waitFor();
    await quirin.audit();

    await paula.open(path);
    await field(paula, 'Title').waitFor();
    assert.deepEqual(
      [await field(paula, 'Meeting password').inputValue(), await field(paula, 'Takes').inputValue(), await paula.page.getByRole('switch', { name: 'Waiting room' }).getAttribute('aria-checked')],
      ['sesame', '90', 'true'],
    );
    await field(paula, 'Meeting password').fill('');
    await paula.click('Save the changes');
    await paula.status('The meeting is changed.').waitFor();
    await paula.open(path);
    await field(paula, 'Title').waitFor();
    assert.equal(await field(paula, 'Meeting password').inputValue(), '');
  });
});
