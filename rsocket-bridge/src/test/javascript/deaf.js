"use strict";

// Asks for as much as RSocket can say, reads five frames, and then nothing until a line comes in: as a page does that hangs.
const net = require("net");
const sockets = [];

// rsocket-js hides its socket; to pause it takes the one it is given.
const create = net.Socket.prototype.connect;
net.Socket.prototype.connect = function connect(...args) {
  sockets.push(this);
  return create.apply(this, args);
};

const { connect, receive } = require("./client");

async function main(url, frames) {
  const rsocket = await connect(url);
  let count = 0;
  const { ended } = receive(rsocket, "service.flood", 0x7fffffff, () => {
    if (++count === 5) {
      sockets.forEach((socket) => socket.pause());
      console.log("deaf");
    }
  });
  process.stdin.once("data", () => sockets.forEach((socket) => socket.resume()));
  await ended;
  console.log("heard", count === Number(frames));
  process.exit(0);
}

main(process.argv[2], process.argv[3]).catch((failure) => {
  console.error(failure);
  process.exit(1);
});
