// What breaks during a call and how it goes on: the network, turnd, signald.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { Browsers, stopAll } from './people.mjs';
import { Servers } from './servers.mjs';

describe('a call goes on', () => {
  let servers, browsers, anna, ben;
  before(async () => {
    servers = await Servers.start({ transports: ['udp'] });
    browsers = await Browsers.start();
    [anna, ben] = [await browsers.person('Anna'), await browsers.person('Ben')];
    for (const { page } of [anna, ben]) await page.addInitScript(keepConnections);
    await ben.join(await anna.host());
    await anna.sees('Ben');
    await ben.sees('Anna');
  });
  after(async () => {
    await stopAll(browsers, servers);
  });

  // Runs in the page: every connection to another person that it ever made.
  function keepConnections() {
    const Plain = window.RTCPeerConnection;
    window.connections = [];
    window.RTCPeerConnection = class extends Plain {
      constructor(...given) {
        super(...given);
        window.connections.push(this);
      }
    };
  }
  const connectionsOf = (who) => who.page.evaluate(() => window.connections.map((each) => each.signalingState !== 'closed'));

  // The bye of somebody who left would have taken the tile away.
  async function watchTile() {
    await anna.tile('Ben').evaluate((tile) => { tile.dataset.witness = 'here since the beginning'; });
  }

  it('after signaling was cut for ten seconds, with the pictures moving meanwhile', async () => {
    await watchTile();
    servers.door.shut();
    await anna.status('reconnecting for').waitFor();
    assert.equal(await anna.tile('Anna (you)').getAttribute('data-state'), 'reconnecting');
    await anna.moves(anna.tile('Ben').locator('video'));
    await sleep(8_000);
    servers.door.open = true;
    await anna.tile('Anna (you)').and(anna.page.locator('[data-state=connected]')).waitFor();
    await ben.tile('Ben (you)').and(ben.page.locator('[data-state=connected]')).waitFor();
    await ben.says('Are you there?');
    await anna.reads('Are you there?');
    assert.equal(await anna.tile('Ben').getAttribute('data-witness'), 'here since the beginning');
  });

  it('after the relay gave no answer for ten seconds', async () => {
    servers.turnd.process.kill('SIGSTOP');
    await anna.page.waitForFunction(() => /unstable|reconnecting/.test(document.querySelector('[role=group][aria-label=Ben]').dataset.state));
    await sleep(4_000);
    servers.turnd.process.kill('SIGCONT');
    await anna.sees('Ben', 'relay-udp');
    await ben.sees('Anna', 'relay-udp');
  });

  it('after turnd was restarted', async () => {
    await servers.turnd.stop();
    await anna.page.waitForFunction(() => document.querySelector('[role=group][aria-label=Ben]').dataset.state !== 'connected');
    servers.turnd.log = '';
    await servers.turnd.start();
    await anna.sees('Ben', 'relay-udp');
    await ben.sees('Anna', 'relay-udp');
  });

  it('after signald was restarted, over the same connections', async () => {
    const before = [await connectionsOf(anna), await connectionsOf(ben)];
    assert.ok(before.every((made) => made.includes(true)));
    await servers.signald.stop();
    await anna.status('reconnecting for').waitFor();
    await servers.signald.start();
    await anna.tile('Anna (you)').and(anna.page.locator('[data-state=connected]')).waitFor();
    await anna.sees('Ben', 'relay-udp');
    await ben.sees('Anna', 'relay-udp');
    await anna.says('Back again');
    await ben.reads('Back again');
    assert.deepEqual([await connectionsOf(anna), await connectionsOf(ben)], before);
  });
});
