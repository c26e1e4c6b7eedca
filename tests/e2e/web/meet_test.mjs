// The short form of the calls, for every change: two people meet through the relay and write to each other.
import { after, before, describe, it } from 'node:test';
import { Browsers } from './people.mjs';
import { Servers } from './servers.mjs';

describe('two people', () => {
  let servers, browsers;
  before(async () => {
    servers = await Servers.start({ transports: ['udp'] });
    browsers = await Browsers.start();
  });
  after(async () => {
    await browsers?.stop();
    await servers?.stop();
  });

  it('meet through the relay, see each other, write, and part', async () => {
    const [anna, ben] = [await browsers.person('Anna'), await browsers.person('Ben')];
    await ben.join(await anna.host());
    await anna.sees('Ben', 'relay-udp');
    await ben.sees('Anna', 'relay-udp');
    await anna.audit();
    await ben.says('Hello Anna');
    await anna.reads('Hello Anna');
    await ben.click('Leave');
    await ben.page.getByRole('heading', { name: 'You left the meeting' }).waitFor();
    await anna.isGone('Ben');
  });
});
