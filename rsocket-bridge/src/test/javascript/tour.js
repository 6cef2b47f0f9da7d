"use strict";

// Goes through all routes of a server at a URL, and prints what it finds, a line each. PlainJavaScriptTest reads them.
const { connect, request, ask, receive } = require("./client");

const MAX = 0x7fffffff;

function forget(rsocket, route, data) {
  return new Promise((resolve, reject) => {
    rsocket.fireAndForget(request(route, data), { onComplete: resolve, onError: reject });
  });
}

function sendAll(rsocket, route, texts) {
  return new Promise((resolve, reject) => {
    const totals = [];
    let wanted = 0;
    let next = 1;
    const push = () => {
      while (wanted > 0 && next < texts.length) {
        wanted--;
        stream.onNext({ data: Buffer.from(texts[next]) }, ++next === texts.length);
      }
    };
    const stream = rsocket.requestChannel(request(route, texts[0]), MAX, texts.length === 1, {
      onNext: (payload, last) => {
        totals.push(Number(String(payload.data)));
        if (last) resolve(totals);
      },
      onComplete: () => resolve(totals),
      onError: reject,
      onExtension() {},
      request: (n) => { wanted += n; push(); },
      cancel() {},
    });
  });
}

async function received(rsocket, route, count) {
  const texts = [];
  await new Promise((resolve, reject) => {
    const { stream, ended } = receive(rsocket, route, count, (text, entries) => {
      texts.push(text + Object.values(entries).map((entry) => "@" + entry).join(""));
      if (texts.length === count) {
        stream.cancel();
        resolve();
      }
    });
    ended.then(resolve, reject);
  });
  return texts.join(" ");
}

async function main(url) {
  const rsocket = await connect(url);
  console.log("sent", JSON.stringify(await ask(rsocket, "channel.orders", "tea")));
  await forget(rsocket, "channel.orders", "milk");
  console.log("received", await received(rsocket, "channel.orders", 2));

  const texts = Array.from({ length: 500 }, (ignored, i) => "n" + i);
  const totals = await sendAll(rsocket, "channel.many", texts);
  console.log("totals", totals.every((total, i) => i === 0 || total > totals[i - 1]), totals[totals.length - 1]);
  console.log("many", (await received(rsocket, "channel.many?group=js", 500)) === texts.join(" "));
  console.log("listened", await received(rsocket, "channel.orders?listen=earliest", 2));

  const listed = JSON.parse(await ask(rsocket, "channels?prefix=orders"));
  console.log("channels", listed.channels.map((channel) => channel.name + ":" + channel.accepted).join(" "), listed.more);
  console.log("service", (await received(rsocket, "service.count", MAX)).split(" ").sort().join(" "));
  console.log("first", await ask(rsocket, "service.count", ""));

  for (const route of ["sesame", "channel.a?groop=b", "service.nobody"]) {
    await ask(rsocket, route).catch((refused) => console.log("refused", refused.message.split(":")[0]));
  }
  rsocket.close();
  process.exit(0);
}

main(process.argv[2]).catch((failure) => {
  console.error(failure);
  process.exit(1);
});
