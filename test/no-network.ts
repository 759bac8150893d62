// Unit tests need no network: any outgoing connection is a mistake in the test.
import { Socket } from 'node:net';

Socket.prototype.connect = function connect(): never {
  throw new Error('A unit test tried to open a connection; move it to test/integration.');
};
