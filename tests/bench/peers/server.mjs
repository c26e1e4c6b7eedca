// The peers of the measurement: what one would write today in Node.js instead of signald.
//   node server.mjs --kind socketio|ws --port P [--tls-port P --cert F --key F]
//                   [--db FILE --commit each|turn|none]
// Written as their authors advise: no compression, the native add-ons of ws, no copy of the
// upgrade request kept, a broadcast serialised and framed once, better-sqlite3 in WAL mode.
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { parseArgs } from 'node:util';
import { Store } from './store.mjs';

const { values: o } = parseArgs({
  options: {
    kind: { type: 'string', default: 'socketio' },
    host: { type: 'string', default: '127.0.0.1' },
    port: { type: 'string', default: '8080' },
    'tls-port': { type: 'string' },
    cert: { type: 'string' },
    key: { type: 'string' },
    db: { type: 'string', default: 'chat.db' },
    commit: { type: 'string', default: 'each' },
  },
});
const store = new Store(o.db, o.commit);
const { attach, rest } = await import(o.kind === 'socketio' ? './peer_socketio.mjs' : './peer_ws.mjs');

const alive = '{"status":"ok"}';
function answer(res, status, body) {
  res.writeHead(status, { 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(body) });
  res.end(body);
}
function handle(req, res) {
  if (req.method === 'GET' && (req.url === '/livez' || req.url === '/health')) return answer(res, 200, alive);
  const route = rest?.[`${req.method} ${req.url.replace(/\/$/, '')}`];
  if (!route) return answer(res, 404, '{"error":"not found"}');
  let body = '';
  req.on('data', (d) => (body += d)).on('end', () => answer(res, 201, JSON.stringify(route(JSON.parse(body || '{}')))));
}
function listen(server, port) {
  server.keepAliveTimeout = 75_000;
  attach(server, store);
  server.listen({ port: Number(port), host: o.host, backlog: 4096 });
}
listen(createServer({ noDelay: true }, handle), o.port);
if (o['tls-port']) {
  const pair = { cert: readFileSync(o.cert), key: readFileSync(o.key) };
  listen(createTlsServer({ noDelay: true, ...pair }, handle), o['tls-port']);
}

// The idle measurement asks for a collected heap.
if (globalThis.gc)
  process.on('SIGUSR2', () => {
    globalThis.gc();
    setTimeout(globalThis.gc, 300);
  });
process.on('SIGTERM', () => process.exit(0));
