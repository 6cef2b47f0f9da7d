"use strict";

const { connect, ask, receive } = require("./client");

async function main(url) {
  const rsocket = await connect(url);
  await ask(rsocket, "channel.orders", "tea");
  const { stream } = receive(rsocket, "channel.orders?group=kitchen", 0x7fffffff, (text) => {
    console.log("received", text);
    stream.cancel();
  });
  const { ended } = receive(rsocket, "service.count", 0x7fffffff, (text, entries) => {
    console.log(entries["message/x.sluice.header.v1"], "has", text);
  });
  await ended;
  console.log(JSON.parse(await ask(rsocket, "channels")).channels.map((channel) => channel.name));
  rsocket.close();
}

main(process.argv[2]);
