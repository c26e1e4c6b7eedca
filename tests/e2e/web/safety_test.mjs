// Markup of others on the pages (W-XSS): it is shown as text, and nothing of it runs.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { Browsers, stopAll } from './people.mjs';
import { kOrigin, Servers } from './servers.mjs';

const kPayloads = [
  '<script>alert(1)</script>', '<img src=x onerror=alert(1)>', '<svg onload=alert(1)>', '"><img src=x onerror=alert(1)>',
  '<a href="JaVaScRiPt:alert(1)">x</a>', '<iframe srcdoc="<script>alert(1)</script>"></iframe>', '<details open ontoggle=alert(1)>',
  'javascript:alert(1)', 'data:text/html,<script>alert(1)</script>', '[x](javascript:alert(1))', 'https://a.test/"onmouseover="alert(1)',
  '{{constructor.constructor("alert(1)")()}}', '\u202egpj.exe <b>bold</b>', `e${'\u0301'.repeat(100)}`,
];
const kName = '<img src=y onerror=alert(2)>';

describe('markup of others', () => {
  let servers, browsers;
  before(async () => {
    servers = await Servers.start({ transports: ['udp'], signald: { limits: { messages: '0', login: '0', rate_chat: '0', meetings: '0' } } });
    browsers = await Browsers.start();
  });
  after(async () => {
    await stopAll(browsers, servers);
  });

  async function ask(method, path, body, token) {
    const headers = { 'Content-Type': 'application/json', ...(token ? { Authorization: `Bearer ${token}` } : {}) };
    const answer = await fetch(kOrigin + path, { method, headers, body: JSON.stringify(body) });
    assert.ok(answer.ok, `${method} ${path}: ${answer.status} ${await answer.clone().text()}`);
    return answer.json();
  }

  // Somebody whose page tells what it should never have to tell.
  async function watcher(name) {
    const person = await browsers.person(name);
    person.alarms = [];
    person.page.on('dialog', (dialog) => {
      person.alarms.push(`dialog ${dialog.message()}`);
      void dialog.dismiss();
    });
    await person.page.exposeFunction('tellAlarm', (text) => person.alarms.push(text));
    await person.page.addInitScript(() => {
      document.addEventListener('securitypolicyviolation', (event) => window.tellAlarm(`${event.violatedDirective} ${event.blockedURI}`));
    });
    return person;
  }

  async function isSafe(person) {
    assert.deepEqual(person.alarms, []);
    const found = await person.page.evaluate(() => ({
      scripts: [...document.querySelectorAll('script:not([src]), iframe, object, embed, base, svg script')].map((node) => node.outerHTML),
      handlers: [...document.querySelectorAll('*')].filter((node) => node.getAttributeNames().some((name) => name.startsWith('on'))).map((node) => node.outerHTML),
      links: [...document.querySelectorAll('a[href]')].map((node) => node.protocol).filter((name) => !['http:', 'https:', 'mailto:'].includes(name)),
    }));
    assert.deepEqual(found, { scripts: [], handlers: [], links: [] });
  }

  it('is text in the lobby and in a meeting', async () => {
    const [viewer, other] = [await watcher('Vera'), await watcher(kName)];
    const meeting = await viewer.host();
    await other.join(meeting);
    for (const payload of kPayloads) await other.says(payload);
    for (const payload of kPayloads) await viewer.reads(payload);
    await (await viewer.people()).getByText(kName).first().waitFor();
    await isSafe(viewer);
    await isSafe(other);

    const { access_token: token } = await ask('POST', '/auth/signup', { email: 'eve@example.org', password: 'correct horse', name: kName });
    for (const message of kPayloads) await ask('POST', '/api/chat/messages', { username: 'eve_1', message }, token);
    const visitor = await watcher('Vic');
    await visitor.open('/chat');
    await visitor.page.getByLabel('Your name').fill('Vic');
    await visitor.click('Enter');
    for (const payload of kPayloads) await visitor.reads(payload);
    await isSafe(visitor);
  });

  it('is text in titles, names and posts', async () => {
    const { access_token: token } = await ask('POST', '/auth/signup', { email: 'mallory@example.org', password: 'correct horse', name: kName });
    const viewer = await watcher('Wilma');
    await viewer.createAccount();
    for (const payload of kPayloads) {
      await ask('POST', '/api/meeting/create/', { title: payload, description: payload, invites: ['wilma@example.org'] }, token);
      await ask('POST', '/api/blogs', { title: payload, content: `<p>before</p>${payload}<p>after</p>` }, token);
    }
    const { data } = await ask('POST', '/api/blogs', { title: 'All of it', content: kPayloads.join('<p>next</p>') }, token);
    for (const path of ['/', '/meetings', '/meetings/invitations', '/blogs', `/blogs/${data.id}`, `/${encodeURIComponent(kName)}`]) {
      await viewer.open(path);
      await viewer.page.getByRole('main').waitFor();
      await viewer.page.waitForLoadState('networkidle');
      await isSafe(viewer);
    }
  });

  it('is text in the address', async () => {
    const viewer = await watcher('Xaver');
    for (const path of ['/meeting/%3Cscript%3Ealert(1)%3C%2Fscript%3E', '/auth?next=javascript:alert(1)', '/auth?next=//evil.example/',
      '/auth/reset?token=%22%3E%3Cimg%20src=x%20onerror=alert(1)%3E', '/meetings/invitations?invite=1&token=%3Csvg%20onload=alert(1)%3E']) {
      await viewer.open(path);
      await viewer.page.getByRole('main').waitFor();
      await isSafe(viewer);
    }
    await viewer.page.goto(`${kOrigin}/auth?next=javascript:alert(1)`);
    await viewer.page.getByLabel('E-mail').fill('xaver@example.org');
    await viewer.page.getByLabel('Password').fill('correct horse');
    await viewer.page.getByLabel('Name', { exact: true }).fill('Xaver');
    await viewer.click('Create account');
    await viewer.page.getByRole('main').waitFor();
    await viewer.page.waitForLoadState('networkidle');
    await isSafe(viewer);
    assert.equal(new URL(viewer.page.url()).origin, kOrigin);
  });
});
