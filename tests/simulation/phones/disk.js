/**
 * The databases of the simulator's phones: of IndexedDB what `adapters/idb.js` uses of it, and what that relies on. The
 * transactions of a database go one after the other, all or nothing; one that waited for anything but itself is over.
 * A complete IndexedDB made of JavaScript took a quarter of what a run's phones cost. Both keep the same laws
 * (`tests/js/simulated-disk.test.js`); what is not here is a TypeError, and no other behaviour.
 */

import { clone } from "./clone.js";
import { compare, keyOf, Table, valid } from "./table.js";

const failure = (name) => new DOMException(name, name);

/** @param {any} request @param {string} event @param {any} [detail] */
const tell = (request, event, detail) => request[`on${event}`]?.({ type: event, target: request, ...detail });

/** A transaction on some of a database's stores. */
class Transaction {
  /** @type {any} */ error = null;
  /** Whether the code that runs at this moment may ask for something. */
  active = true;
  over = false;
  started = false;
  /** @type {{ request: any, run: () => any }[]} */
  #asked = [];
  /** @type {(() => void)[]} how to undo what was written, in the order in which it was */
  #undo = [];

  constructor(disk, names, mode) {
    Object.assign(this, { disk, names, mode });
  }

  objectStore(name) {
    if (this.over) throw failure("InvalidStateError");
    if (!this.names.includes(name)) throw failure("NotFoundError");
    return new Store(this, this.disk.tables.get(name));
  }

  abort() {
    if (this.over) throw failure("InvalidStateError");
    for (const undo of this.#undo.reverse()) undo();
    const unanswered = this.#asked.splice(0);
    this.#ends();
    setImmediate(() => {
      for (const { request } of unanswered) {
        request.error = failure("AbortError");
        tell(request, "error");
      }
      tell(this, "abort");
    });
  }

  /** @param {() => any} run @param {(() => void)|undefined} [undo] */
  ask(run, undo) {
    if (this.over || !this.active) throw failure("TransactionInactiveError");
    const request = { result: undefined, error: null, onsuccess: null, onerror: null };
    this.#asked.push({ request, run: undo ? () => (this.#undo.push(undo()), run()) : run });
    return request;
  }

  waits() {
    if (!this.started) this.active = false;
  }

  /** Answer what was asked, and go on until nothing new is. */
  turns() {
    if (this.over) return;
    this.started = true;
    if (!this.#asked.length) {
      this.#ends();
      tell(this, "complete");
      return;
    }
    // Before anything that an answer sets going: what that does later comes too late.
    setImmediate(() => {
      this.active = false;
      this.turns();
    });
    this.active = true;
    while (this.#asked.length) {
      const { request, run } = this.#asked.shift();
      request.result = run();
      try {
        tell(request, "success");
      } catch (thrown) {
        if (!this.over) this.abort();
        throw thrown;
      }
    }
  }

  #ends() {
    this.over = true;
    this.active = false;
    this.disk.ended(this);
  }
}

/** A store within a transaction. */
class Store {
  constructor(transaction, table) {
    Object.assign(this, { transaction, table });
  }

  get(key) {
    valid(key);
    return this.transaction.ask(() => clone(this.table.get(key)));
  }

  getAll() {
    return this.transaction.ask(() => this.table.all().map(clone));
  }

  index(name) {
    if (!this.table.indexes.includes(name)) throw failure("NotFoundError");
    return {
      getAll: (key) => {
        valid(key);
        const isIt = (row) => row[name] !== undefined && compare(row[name], key) === 0;
        return this.transaction.ask(() => this.table.all().filter(isIt).map(clone));
      },
    };
  }

  put(value) {
    this.#writes();
    const row = clone(value);
    const key = keyOf(row, this.table.path);
    return this.transaction.ask(() => (this.table.put(key, row), key), () => this.table.undoing(key));
  }

  delete(key) {
    this.#writes();
    valid(key);
    return this.transaction.ask(() => this.table.delete(key), () => this.table.undoing(key));
  }

  createIndex(name, path) {
    if (name !== path) throw new TypeError("an index is called what it is about");
    this.table.indexes.push(name);
  }

  #writes() {
    if (!this.transaction.active || this.transaction.over) throw failure("TransactionInactiveError");
    if (this.transaction.mode !== "readwrite") throw failure("ReadOnlyError");
  }
}

/** What lies under one name: tables, who has it open, and the transactions in line. */
class Disk {
  /** @type {Map<string, Table>} */ tables = new Map();
  /** @type {Set<any>} */ connections = new Set();
  /** @type {Transaction[]} */ #line = [];
  /** Who waits for the last connection to close. */
  freed = () => {};

  queue(transaction) {
    this.#line.push(transaction);
    // By then whoever began it has asked what there was to ask, whether its turn has come or not.
    setImmediate(() => (this.#line[0] === transaction ? transaction.turns() : transaction.waits()));
  }

  ended(transaction) {
    this.#line = this.#line.filter((each) => each !== transaction);
    const [next] = this.#line;
    if (next && !next.started) setImmediate(() => next.turns());
    else if (!next) this.freed();
  }

  isFree() {
    return !this.#line.length && !this.connections.size;
  }
}

/** One connection to a database. */
class Connection {
  onversionchange = null;
  onclose = null;

  constructor(disk) {
    this.disk = disk;
    disk.connections.add(this);
  }

  get objectStoreNames() {
    return { contains: (name) => this.disk.tables.has(name) };
  }

  createObjectStore(name, { keyPath }) {
    const table = new Table(keyPath);
    this.disk.tables.set(name, table);
    return new Store(null, table);
  }

  transaction(names, mode = "readonly") {
    if (!this.disk.connections.has(this)) throw failure("InvalidStateError");
    const wanted = [names].flat();
    if (!wanted.length) throw failure("InvalidAccessError");
    if (wanted.some((name) => !this.disk.tables.has(name))) throw failure("NotFoundError");
    const transaction = new Transaction(this.disk, wanted, mode);
    this.disk.queue(transaction);
    return transaction;
  }

  close() {
    this.disk.connections.delete(this);
    if (this.disk.isFree()) this.disk.freed();
  }
}

/** In the place of `indexedDB`, with nothing on any disk. */
export class Factory {
  /** @type {Map<string, Disk>} */ #disks = new Map();
  /** What was asked about a name and is not over: one after the other. @type {Map<string, Promise<void>>} */ #asked = new Map();

  open(name, _version) {
    return this.#inTurn(name, (request, done) => {
      const known = this.#disks.get(name);
      const disk = known || new Disk();
      this.#disks.set(name, disk);
      request.result = new Connection(disk);
      if (!known) tell(request, "upgradeneeded");
      done();
    });
  }

  deleteDatabase(name) {
    return this.#inTurn(name, (request, done) => {
      const disk = this.#disks.get(name);
      const gone = () => {
        if (disk) disk.freed = () => {};
        this.#disks.delete(name);
        done();
      };
      for (const each of disk?.connections || []) tell(each, "versionchange", { newVersion: null });
      if (!disk || disk.isFree()) return gone();
      if (disk.connections.size) tell(request, "blocked");
      disk.freed = () => disk.isFree() && gone();
    });
  }

  #inTurn(name, act) {
    const request = { result: undefined, error: null };
    const before = this.#asked.get(name) || Promise.resolve();
    const over = before.then(() => new Promise((resolve) => setImmediate(act, request, resolve)))
      .then(() => void setImmediate(tell, request, "success"));
    this.#asked.set(name, over);
    return request;
  }
}
