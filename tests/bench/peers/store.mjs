// Durable chat in SQLite: the conversations and messages of the contract's schema, with
// their indexes. 'each' commits every message by itself; 'turn' commits together whatever
// one turn of the event loop brought; 'none' keeps the last 50 in memory only.
import Database from 'better-sqlite3';

const SCHEMA = `
CREATE TABLE conversations(
  id INTEGER PRIMARY KEY AUTOINCREMENT, kind TEXT NOT NULL, slug TEXT UNIQUE, created_at INTEGER NOT NULL) STRICT;
CREATE TABLE messages(
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  conversation_id INTEGER NOT NULL REFERENCES conversations(id) ON DELETE CASCADE,
  seq INTEGER NOT NULL, sender_id INTEGER, sender_name TEXT NOT NULL,
  type TEXT NOT NULL DEFAULT 'user' CHECK(type IN('user','system')),
  content TEXT NOT NULL, reply_to INTEGER REFERENCES messages(id) ON DELETE SET NULL,
  client_key TEXT, created_at INTEGER NOT NULL, edited_at INTEGER, deleted_at INTEGER,
  UNIQUE(conversation_id, seq)) STRICT;
CREATE UNIQUE INDEX messages_client ON messages(client_key) WHERE client_key IS NOT NULL;
CREATE INDEX messages_type ON messages(conversation_id, type, seq);
CREATE INDEX messages_sender ON messages(sender_id, created_at);
CREATE INDEX messages_time ON messages(created_at);`;

export class Store {
  constructor(file, commit) {
    this.commit = commit;
    this.conversations = new Map(); // slug -> {id, seq, recent[]}
    this.waiting = [];
    if (commit === 'none') return;
    this.db = new Database(file);
    const pragmas = ['journal_mode=WAL', 'synchronous=FULL', 'foreign_keys=ON', 'mmap_size=268435456',
      'wal_autocheckpoint=4000', 'temp_store=MEMORY'];
    for (const each of pragmas) this.db.pragma(each);
    this.db.exec(SCHEMA);
    this.newConversation = this.db.prepare(
      "INSERT INTO conversations(kind, slug, created_at) VALUES ('meeting', ?, ?)");
    this.insert = this.db.prepare(
      'INSERT INTO messages(conversation_id, seq, sender_name, content, client_key, created_at) VALUES (?,?,?,?,?,?)');
    this.all = this.db.transaction((list) => {
      for (const w of list) w.id = this.insert.run(...w.row).lastInsertRowid;
    });
  }

  conversation(slug) {
    let c = this.conversations.get(slug);
    if (!c) {
      const id = this.db
        ? Number(this.newConversation.run(slug, Date.now()).lastInsertRowid)
        : this.conversations.size + 1;
      this.conversations.set(slug, (c = { id, seq: 0, recent: [] }));
    }
    return c;
  }

  // Calls done(id, seq, time) once the message is durable.
  add(conversation, name, content, key, done) {
    const seq = ++conversation.seq, now = Date.now();
    if (this.commit === 'none') return done(seq, seq, now);
    const row = [conversation.id, seq, name, content, key ?? null, now];
    if (this.commit === 'each') return done(Number(this.insert.run(...row).lastInsertRowid), seq, now);
    if (this.waiting.push({ row, seq, now, done, id: 0 }) === 1) setImmediate(() => this.flush());
  }

  flush() {
    const list = this.waiting;
    this.waiting = [];
    this.all(list);
    for (const w of list) w.done(Number(w.id), w.seq, w.now);
  }

  remember(conversation, message) {
    if (conversation.recent.push(message) > 50) conversation.recent.shift();
  }
}
