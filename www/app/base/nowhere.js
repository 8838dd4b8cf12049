// A database that keeps nothing: for a page whose runs are nobody's.

/** @import { Keeping } from './database.js' */

/** @implements {Keeping} */
export class Nowhere {
  pending = false;

  async connect() {}

  async read() {
    return undefined;
  }

  async write() {}
}
