// What the scripts share: the client from its package, unchanged, and waiting for what it hears.
import assert from "node:assert/strict";
import { createRequire } from "node:module";
import path from "node:path";

const require = createRequire(path.join(process.env.SOCKETIO_PACKAGES, "package.json"));
const { io } = require("socket.io-client");
export const WebSocket = require("ws");
export { assert };

const [url, transport, facts] = process.argv.slice(2);
export const server = url;
export const given = JSON.parse(facts);

const SECONDS = 10;

// A connection of its own; `namespace` is "" for the main one.
export function connect(namespace = "", auth = {}) {
  const options = { auth, forceNew: true, reconnection: false };
  if (transport !== "default") options.transports = [transport];
  return io(url + namespace, options);
}

// The arguments of the next event of that name for which `fits` holds; to be called before what causes it.
export function next(socket, event, fits = () => true) {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`no ${event} within ${SECONDS} s`)), SECONDS * 1000);
    const listener = (...args) => {
      if (!fits(...args)) return;
      clearTimeout(timer);
      socket.off(event, listener);
      resolve(args);
    };
    socket.on(event, listener);
  });
}

// What it hears of these events from now on, as [event, ...arguments].
export function record(socket, events) {
  const heard = [];
  for (const event of events) socket.on(event, (...args) => heard.push([event, ...args]));
  return heard;
}

export async function run(scenario) {
  await scenario();
  process.exit(0);
}
