// turnd and signald of a test's own, with a door between browser and signald that the test can shut.
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import http from 'node:http';
import net from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const kBin = process.env.TURND_BIN;
const kAddress = '10.77.0.1';
const kDoor = 8080;
const kInside = 8081;
// A page may use camera and microphone on localhost alone, unless it has a certificate.
export const kOrigin = `http://localhost:${kDoor}`;

const kTransports = {
  udp: { listen: `udp://${kAddress}:3478`, uri: `turn:${kAddress}:3478?transport=udp` },
  tcp: { listen: `tcp://${kAddress}:3478`, uri: `turn:${kAddress}:3478?transport=tcp` },
  tls: { listen: `tls://${kAddress}:5349`, uri: `turns:${kAddress}:5349?transport=tcp` },
};

class Daemon {
  constructor(name, config, folder, isReady) {
    Object.assign(this, { name, folder, isReady, log: '' });
    this.file = join(folder, `${name}.yaml`);
    writeFileSync(this.file, JSON.stringify(config, null, 1)); // JSON is YAML
    this.environment = { ...process.env, STATE_DIRECTORY: join(folder, name), RUNTIME_DIRECTORY: folder };
  }

  async start() {
    this.process = spawn(join(kBin, this.name), ['--config', this.file], { env: this.environment, stdio: ['ignore', 'pipe', 'pipe'] });
    for (const stream of [this.process.stdout, this.process.stderr]) stream.on('data', (text) => (this.log += text));
    for (let tries = 0; tries < 200; tries++) {
      if (this.process.exitCode !== null) break;
      if (await this.isReady(this)) return;
      await sleep(100);
    }
    throw new Error(`${this.name} did not start:\n${this.log}`);
  }

  // A request to its control socket.
  control(method, path) {
    return new Promise((resolve, reject) => {
      const request = http.request({ socketPath: join(this.folder, 'control.sock'), method, path }, (response) => {
        response.resume();
        if (response.statusCode < 300) response.on('end', resolve);
        else reject(new Error(`${method} ${path}: ${response.statusCode}`));
      });
      request.on('error', reject).end();
    });
  }

  async stop() {
    if (!this.process || this.process.exitCode !== null) return;
    const ended = once(this.process, 'exit');
    this.process.kill('SIGTERM');
    const timer = setTimeout(() => this.process.kill('SIGKILL'), 15_000);
    await ended;
    clearTimeout(timer);
  }
}

// Passes bytes on, until it is shut: then what runs is cut and nobody comes in.
class Door {
  sockets = new Set();
  open = true;

  async start() {
    this.server = net.createServer((client) => {
      if (!this.open) return client.destroy();
      const inside = net.connect(kInside, '127.0.0.1');
      for (const [from, to] of [[client, inside], [inside, client]]) {
        this.sockets.add(from);
        from.on('error', () => {}).on('close', () => { this.sockets.delete(from); to.destroy(); }).pipe(to);
      }
    });
    this.server.listen(kDoor, '127.0.0.1');
    await once(this.server, 'listening');
  }

  shut() {
    this.open = false;
    for (const socket of this.sockets) socket.destroy();
  }

  stop() {
    this.shut();
    this.server.close();
  }
}

export class Servers {
  static async start({ transports = ['udp', 'tcp', 'tls'], signald = {} } = {}) {
    const servers = new Servers();
    const folder = (servers.folder = mkdtempSync(join(tmpdir(), 'signald-e2e-')));
    const secret = join(folder, 'secret');
    writeFileSync(secret, 'a secret that both of them know', { mode: 0o600 });
    const control = join(folder, 'control.sock');
    servers.turnd = new Daemon('turnd', {
      realm: 'example.org',
      listen: transports.map((name) => kTransports[name].listen),
      relay: { addresses: [kAddress] },
      auth: { secrets: [{ id: 'test', value_file: secret }] },
      control: { socket: control },
      metrics: { address: '' },
      log: { level: 'info', format: 'json' },
      shutdown_grace: '1s',
      ...(transports.includes('tls') ? { tls: certificate(folder) } : {}),
    }, folder, async (daemon) => daemon.log.includes('turnd ready'));
    servers.signald = new Daemon('signald', {
      listen: [`http://127.0.0.1:${kInside}`],
      public_url: kOrigin,
      database: join(folder, 'signald.db'),
      turn: [{ uris: [`stun:${kAddress}:3478`, ...transports.map((name) => kTransports[name].uri)], secret_file: secret, control }],
      shutdown_grace: '1s',
      ...signald,
    }, folder, async () => (await fetch(`http://127.0.0.1:${kInside}/livez`).catch(() => null))?.ok);
    servers.door = new Door();
    try {
      await servers.turnd.start();
      await servers.signald.start();
      await servers.door.start();
    } catch (error) {
      await servers.stop();
      throw error;
    }
    return servers;
  }

  // An account that may see the pages of administrators.
  addAdministrator(email, password) {
    execFileSync(join(kBin, 'signald'), ['--config', this.signald.file, 'user', 'add', email, '--admin'], { input: `${password}\n`, env: this.signald.environment });
  }

  async stop() {
    this.door.server && this.door.stop();
    await this.signald.stop();
    await this.turnd.stop();
    rmSync(this.folder, { recursive: true, force: true });
  }
}

function certificate(folder) {
  const [cert, key] = [join(folder, 'server.pem'), join(folder, 'server.key')];
  execFileSync('openssl', ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-keyout', key, '-out', cert,
    '-days', '2', '-subj', '/CN=turn.test', '-addext', `subjectAltName=IP:${kAddress}`], { stdio: 'ignore' });
  return { certificate: cert, key };
}
