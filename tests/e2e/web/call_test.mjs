// Calls over turnd with relay only, and what people do in them.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { Browsers, stopAll } from './people.mjs';
import { Servers } from './servers.mjs';

for (const transport of ['udp', 'tcp', 'tls']) {
  describe(`over ${transport}`, () => {
    let servers, browsers, path;
    const people = [];
    before(async () => {
      servers = await Servers.start({ transports: [transport] });
      browsers = await Browsers.start();
    });
    after(async () => {
      await stopAll(browsers, servers);
    });

    it('two people see each other through the relay', async () => {
      const [anna, ben] = [await browsers.person('Anna'), await browsers.person('Ben')];
      people.push(anna, ben);
      path = await anna.host();
      await ben.join(path);
      await anna.sees('Ben', `relay-${transport}`);
      await ben.sees('Anna', `relay-${transport}`);
      const way = new RegExp(`^Relay ${transport.toUpperCase()}( · \\d+ ms)? · IPv4 · \\d+(\\.\\d+)? % lost · \\d+ kbit/s$`);
      await anna.page.getByRole('group', { name: 'Ben', exact: true }).getByText(way).waitFor();
      await anna.click('Details of Ben');
      const details = anna.page.getByRole('dialog');
      await details.getByText(`Through the relay, ${transport.toUpperCase()}`).waitFor();
      await details.getByText('IPv4').waitFor();
      await details.getByText('Over time').click();
      await details.getByRole('img', { name: /^Bitrate over the last minutes/ }).waitFor();
      await anna.audit();
      await anna.page.keyboard.press('Escape');
    });

    it('four people each see the three others through the relay', async () => {
      for (const name of ['Carl', 'Dora']) {
        const person = await browsers.person(name);
        await person.join(path);
        people.push(person);
      }
      for (const one of people) for (const other of people) if (one !== other) await one.sees(other.name, `relay-${transport}`);
    });
  });
}

describe('without the switch', () => {
  let servers, browsers;
  before(async () => {
    servers = await Servers.start({ transports: ['udp'] });
    browsers = await Browsers.start();
  });
  after(async () => {
    await stopAll(browsers, servers);
  });

  it('a call is direct and says so, until somebody switches to the relay', async () => {
    const [anna, ben] = [await browsers.person('Anna', { relayOnly: false }), await browsers.person('Ben', { relayOnly: false })];
    await ben.join(await anna.host());
    await anna.sees('Ben', 'direct');
    await ben.sees('Anna', 'direct');
    await anna.click('Settings');
    await anna.page.getByRole('switch', { name: 'Relay only' }).click();
    await anna.page.keyboard.press('Escape');
    await anna.sees('Ben', 'relay-udp');
    await ben.sees('Anna', 'relay-udp');
  });
});

describe('in a meeting', () => {
  let servers, browsers, anna, ben, path;
  before(async () => {
    servers = await Servers.start();
    browsers = await Browsers.start();
    [anna, ben] = [await browsers.person('Anna'), await browsers.person('Ben')];
    path = await anna.host();
    await ben.join(path);
    await anna.sees('Ben');
    await ben.sees('Anna');
  });
  after(async () => {
    await stopAll(browsers, servers);
  });

  it('they write, and who comes later reads what was written', async () => {
    await anna.says('Hello Ben');
    await ben.reads('Hello Ben');
    await ben.says('Hello Anna');
    await anna.reads('Hello Anna');
    const carl = await browsers.person('Carl');
    await carl.join(path);
    await carl.reads('Hello Ben');
    await carl.click('Leave');
    await anna.isGone('Carl');
  });

  it('a line to one person reaches nobody else', async () => {
    const carl = await browsers.person('Carl');
    await carl.join(path);
    await anna.people();
    await anna.click('Message Ben');
    await anna.page.getByRole('log', { name: 'Messages' }).waitFor();
    await anna.says('Between us');
    await ben.reads('Between us');
    await ben.page.getByText('Only to you').waitFor();
    await anna.page.getByLabel('To', { exact: true }).selectOption({ label: 'Everybody' });
    await anna.says('For all');
    await carl.reads('For all');
    assert.equal(await carl.page.getByText('Between us').count(), 0);
    await carl.click('Leave');
    await anna.isGone('Carl');
  });

  it('a single key mutes, unless keys are switched off or something is typed', async () => {
    await ben.page.locator('h1').click();
    await ben.page.keyboard.press('m');
    await ben.button('Unmute').waitFor();
    await ben.page.keyboard.press('m');
    await ben.button('Mute').waitFor();
    await ben.reads('For all');
    await ben.page.getByRole('textbox', { name: 'Message' }).pressSequentially('mm');
    await ben.button('Mute').waitFor();
    await ben.page.getByRole('textbox', { name: 'Message' }).fill('');
    await ben.click('Settings');
    await ben.page.getByRole('switch', { name: 'Keyboard shortcuts' }).click();
    await ben.page.keyboard.press('Escape');
    await ben.page.locator('h1').click();
    await ben.page.keyboard.press('m');
    await ben.click('Raise hand');
    await ben.click('Lower hand');
    assert.equal(await ben.button('Mute').count(), 1);
  });

  it('a reaction is seen and said, and a person is pinned', async () => {
    await ben.click('React');
    await ben.click('React with 👏');
    await anna.page.getByText('Ben: 👏').waitFor();
    await anna.tile('Ben').getByText('👏').waitFor();
    const layout = anna.button('Layout');
    assert.equal(await layout.getAttribute('aria-pressed'), 'false');
    await anna.tile('Ben').hover();
    await anna.tile('Ben').getByRole('button', { name: 'Pin Ben' }).click();
    await anna.page.locator('.large').getByRole('group', { name: 'Ben' }).waitFor();
    assert.equal(await layout.getAttribute('aria-pressed'), 'true');
    await layout.click();
    await anna.page.locator('.large').waitFor({ state: 'detached' });
    await anna.sees('Ben');
  });

  it('another camera and microphone are taken during the call', async () => {
    for (const kind of ['Camera device', 'Microphone device']) {
      const choice = ben.page.getByRole('combobox', { name: kind });
      await ben.click('Settings');
      // The last: Chromium's second camera sees depth alone, which no codec takes.
      const other = await choice.locator('option').last().getAttribute('value');
      assert.notEqual(await choice.inputValue(), other);
      await choice.selectOption(other);
      await ben.page.keyboard.press('Escape');
      // Opened anew, it shows what the track says of itself.
      await ben.click('Settings');
      await ben.page.waitForFunction(([label, id]) => [...document.querySelectorAll('dialog select')].find((one) => one.labels[0].textContent === label)?.value === id, [kind, other]);
      await ben.page.keyboard.press('Escape');
    }
    await anna.sees('Ben');
  });

  it('the link is shown as a QR code', async () => {
    await anna.people();
    await anna.click('QR code');
    await anna.page.getByRole('img', { name: new RegExp(`^QR code of .*${path}$`) }).waitFor();
    await anna.page.keyboard.press('Escape');
  });

  it('axe finds nothing, with chat, people and settings open', async () => {
    await anna.reads('Hello Ben');
    await anna.audit();
    await anna.people();
    await anna.audit();
    await anna.click('Settings');
    await anna.audit();
    await anna.page.keyboard.press('Escape');
  });

  it('a shared screen is seen by the other, and gone when it ends', async () => {
    await anna.click('Share screen');
    const screen = ben.page.getByRole('group', { name: 'Screen of Anna' });
    await screen.waitFor();
    await ben.moves(screen.locator('video'));
    await anna.click('Stop sharing');
    await screen.waitFor({ state: 'detached' });
  });

  it('muting, the camera and the hand are seen by the other', async () => {
    await ben.click('Mute');
    await ben.click('Stop camera');
    await ben.click('Raise hand');
    await anna.tile('Ben').getByText('Muted').waitFor();
    await anna.tile('Ben').getByText('Hand raised').waitFor();
    await ben.click('Unmute');
    await ben.click('Start camera');
    await ben.click('Lower hand');
    await anna.tile('Ben').getByText('Muted').waitFor({ state: 'detached' });
    await anna.sees('Ben');
  });

  it('the host mutes, makes a co-host, and removes', async () => {
    await anna.people();
    await anna.click('Mute Ben');
    await ben.button('Unmute').waitFor();
    await ben.status('muted you').waitFor();
    const dora = await browsers.person('Dora');
    await dora.createAccount();
    await dora.join(path);
    await anna.click('Make co-host Dora');
    await dora.people();
    await dora.button('Mute Ben').or(dora.button('Ask Ben to unmute')).first().waitFor();
    await anna.click('Remove Dora');
    await dora.page.getByRole('heading', { name: 'You were removed' }).waitFor();
    await anna.isGone('Dora');
  });

  it('who is banned cannot come back', async () => {
    const erik = await browsers.person('Erik');
    await erik.join(path);
    await anna.people();
    await anna.click('Ban Erik');
    await anna.page.getByRole('alertdialog').getByRole('button', { name: 'Ban', exact: true }).click();
    await erik.page.getByRole('heading', { name: 'You were removed' }).waitFor();
    assert.equal(await erik.button('Join again').count(), 0);
    await erik.knock(path);
    await erik.page.getByRole('alert').filter({ hasText: 'not allowed' }).waitFor();
    assert.equal(await erik.button('Leave').count(), 0);
    await anna.isGone('Erik');
  });

  it('a waiting room keeps people out until the host lets them in', async () => {
    await anna.people();
    await anna.page.getByRole('switch', { name: 'Waiting room' }).click();
    const [emil, frida] = [await browsers.person('Emil'), await browsers.person('Frida')];
    await emil.knock(path);
    await emil.status('Waiting for the host').waitFor();
    await emil.audit();
    assert.equal(await emil.tile('Anna').count(), 0);
    await frida.knock(path);
    await anna.click('Deny Frida');
    await frida.page.getByRole('heading', { name: 'The host did not let you in' }).waitFor();
    await frida.audit();
    await anna.click('Admit Emil');
    await emil.button('Leave').waitFor();
    await anna.sees('Emil');
    await emil.click('Leave');
    await anna.page.getByRole('switch', { name: 'Waiting room' }).click();
  });

  it('a locked meeting says so to those outside', async () => {
    await anna.people();
    const lock = anna.page.getByRole('switch', { name: 'Lock meeting' });
    await lock.click();
    const gerd = await browsers.person('Gerd');
    await gerd.knock(path);
    await gerd.page.getByRole('alert').filter({ hasText: 'locked' }).waitFor();
    await lock.click();
  });

  it('ends for everybody, after one question', async () => {
    await anna.click('End meeting');
    await anna.page.getByRole('alertdialog').getByRole('button', { name: 'End meeting' }).click();
    for (const person of [anna, ben]) await person.page.getByRole('heading', { name: 'The meeting has ended' }).waitFor();
  });
});
